import type { PostgresServer } from '@bookings/idempotency/testing/postgres-server';

/** How the figures are measured. */
export interface Plan {
  readonly postgres: PostgresServer;
  /** How long each figure, or each part of it, is measured. */
  readonly seconds: number;
  /** How many processes are killed in the run for the peak of work. */
  readonly kills: number;
}

/** A line of the table. */
export interface Row {
  readonly figure: string;
  readonly goal: string;
  readonly measured: string;
  readonly holds: boolean;
}

export type Figure = (plan: Plan) => Promise<readonly Row[]>;

/** A table in Markdown. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ figure, goal, measured, holds }) => [
    ...[figure, goal, measured],
    holds ? 'yes' : 'NO',
  ]);
  const all = [['figure', 'goal', 'measured', 'holds'], ...lines];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...all.map((cells) => cells[at]?.length ?? 0)));
  const print = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  const [head = [], ...rest] = all;
  return [print(head), print(rule), ...rest.map(print)].join('\n');
}
