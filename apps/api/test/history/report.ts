import type { Run } from './history-run.ts';

/** Maximum number of violations of each rule in the report. */
const MAX_VIOLATIONS = 5;

/** A Markdown table with one row for each run. */
export function table(runs: readonly Run[]): string {
  const rows = runs.map(({ name, figures, kills, faults }) => [
    name,
    ...[
      figures.creates,
      faults,
      kills,
      figures.duplicates,
      figures.storedAlthoughRefused,
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

/** Whether Graph had more work at one mailbox than the proxy may send there. */
export function exceedsWorkLimit({ peakOfWork, workLimit }: Run): boolean {
  return peakOfWork > workLimit;
}

/** Figures and violations of a run. */
export function details({ name, figures, violations, ...run }: Run): string {
  const results = [...run.tally].sort(([, one], [, other]) => other - one);
  const lines = [
    `${name}: ${(run.tookMs / 1000).toFixed(0)} s, ${figures.attempts} attempts, ` +
      `${figures.created} created, ${figures.refused} refused, ${figures.stored} stored, ` +
      `longest stall ${run.stalledMs.toFixed(0)} ms`,
    `  most work at one mailbox: ${run.peakOfWork}, limit ${run.workLimit}`,
    `  results: ${results.map(([name, count]) => `${count} x ${name}`).join(', ')}`,
    `  ${violations.length === 0 ? 'no violation' : `${violations.length} VIOLATIONS`}`,
    ...[...Map.groupBy(violations, ({ rule }) => rule)].flatMap(([rule, each]) => [
      `    ${rule}: ${each.length}`,
      ...each.slice(0, MAX_VIOLATIONS).map(({ details }) => `      ${details}`),
    ]),
  ];
  if (violations.length > 0 && run.stalledMs > run.maxStallMs) {
    lines.push(
      `  The fake stalled for more than ${run.maxStallMs} ms, so its lists were not settled in time.`,
    );
  }
  return lines.join('\n');
}
