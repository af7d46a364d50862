import { MOST_STALLED_MS, type Run } from './run.ts';

/** Of each rule. */
const MOST_SHOWN = 5;

/** One row for each run, as the README has them. */
export function table(runs: readonly Run[]): string {
  const rows = runs.map(({ name, figures, kills, faults }) => [
    name,
    ...[
      figures.creates,
      faults,
      kills,
      figures.duplicates,
      figures.leftByRefusals,
      figures.lost,
      figures.unknown,
    ].map((number) => number.toLocaleString('en')),
  ]);
  const head = [
    'creates by',
    'creates',
    'faults',
    'kills',
    'duplicates',
    'refused, yet there',
    'lost',
    'unknown',
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** What a run was like, and what it broke. */
export function details({ name, figures, violations, ...run }: Run): string {
  const answers = [...run.tally].sort(([, one], [, other]) => other - one);
  const lines = [
    `${name}: ${(run.tookMs / 1000).toFixed(0)} s, ${figures.questions} questions, ` +
      `${figures.created} created, ${figures.refused} refused, ${figures.stored} stored, ` +
      `longest stall ${run.stalledMs.toFixed(0)} ms`,
    `  answers: ${answers.map(([what, count]) => `${count} x ${what}`).join(', ')}`,
    `  ${violations.length === 0 ? 'no violation' : `${violations.length} VIOLATIONS`}`,
    ...[...Map.groupBy(violations, ({ rule }) => rule)].flatMap(([rule, each]) => [
      `    ${rule}: ${each.length}`,
      ...each.slice(0, MOST_SHOWN).map(({ what }) => `      ${what}`),
    ]),
  ];
  if (violations.length > 0 && run.stalledMs > MOST_STALLED_MS) {
    lines.push(`  The fake stood still for longer than the ${MOST_STALLED_MS} ms that lists have.`);
  }
  return lines.join('\n');
}
