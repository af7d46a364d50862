import { goals } from './goals.ts';
import type { Results } from './results.ts';
import { type Scenario, SERVERS, type Target } from './scenarios.ts';
import { median } from './statistics.ts';

/** How each is called in tables and pictures. */
export const TITLES: Readonly<Record<Target, string>> = {
  proxy: 'this proxy',
  bare: 'bare node:http and undici, no checks',
  fastify: 'Fastify, ajv, jose, undici, by hand',
  nest: 'textbook Nest (Express, passport-jwt, axios)',
  straight: 'the upstream itself',
};

export type Row = readonly string[];

/** Creates with one token: who costs and serves what. */
export function mainTable(
  results: Results,
  perSecond: number,
  idle: ReadonlyMap<string, number>,
): string {
  const head = [
    ...['server', 'CPU µs', "of Fastify's", 'requests/s', `CPU µs at ${perSecond}/s`],
    ...['p50 ms', 'p99 ms', 'of a second', 'p99.9 ms', 'MB idle', 'MB loaded', 'others took'],
  ];
  const rows = SERVERS.map((target) => {
    const rate = (figure: 'p50Ms' | 'p99Ms' | 'secondP99Ms' | 'p999Ms') =>
      number(results.median('rate', target, figure), 1);
    const loaded = results.runs
      .filter((run) => run.target === target)
      .map((run) => run.residentBytes);
    return [
      TITLES[target],
      number(results.median('create', target, 'cpuUs')),
      number(median(results.ratios('cpuUs', ['create', target], ['create', 'fastify'])), 2),
      number(results.median('create', target, 'perSecond')),
      number(results.median('rate', target, 'cpuUs')),
      ...[rate('p50Ms'), rate('p99Ms'), rate('secondP99Ms'), rate('p999Ms')],
      megabytes(idle.get(target) ?? NaN),
      megabytes(Math.max(...loaded)),
      share(results.median('create', target, 'foreign')),
    ];
  });
  return table(head, rows);
}

/** Everything that was measured, one row for each scenario and server. */
export function scenarioTable(results: Results, scenarios: readonly Scenario[]): string {
  const head = [
    'scenario',
    'server',
    'CPU µs',
    'min to max',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'of a second',
    'p99.9 ms',
    'not as expected',
  ];
  const rows = scenarios.flatMap(({ id, title, targets }) =>
    targets.map((target) => {
      const cpus = results.of(id, target).map((run) => run.cpuUs);
      const wrong = results.of(id, target).reduce((sum, run) => sum + run.unexpected, 0);
      return [
        ...[title, target],
        number(median(cpus)),
        `${number(Math.min(...cpus))} to ${number(Math.max(...cpus))}`,
        number(results.median(id, target, 'perSecond')),
        number(results.median(id, target, 'p50Ms'), 1),
        number(results.median(id, target, 'p99Ms'), 1),
        number(results.median(id, target, 'secondP99Ms'), 1),
        number(results.median(id, target, 'p999Ms'), 1),
        number(wrong),
      ];
    }),
  );
  return table(head, rows);
}

export function goalTable(results: Results, perSecond: number): string {
  const rows = goals(results, perSecond).map(({ text, measured, bound, reached }) => [
    ...[text, number(measured, 2), bound, reached ? 'PASS' : 'FAIL'],
  ]);
  return table(['goal', 'measured', 'wanted', ''], rows);
}

/** In Markdown, as a README has it. */
export function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: Row) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export function number(value: number, digits = 0): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}

export function megabytes(bytes: number): string {
  return number(bytes / 1024 / 1024);
}

function share(value: number): string {
  return Number.isFinite(value) ? `${number(value * 100)} %` : '-';
}
