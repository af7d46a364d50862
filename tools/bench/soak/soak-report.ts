import { number, type Row, table } from '../report.ts';
import { endName } from './explained.ts';
import { type Sample, timers } from './sample.ts';
import type { Ends, Kind } from './traffic.ts';
import { mean } from './trend.ts';
import type { Verdict } from './verdict.ts';

const MEGABYTE = 1024 * 1024;

const MINUTE_HEAD = [
  ...['minute', 'answers/s', 'resident MB', 'heap MB', 'descriptors', 'sockets', 'to upstream'],
  ...['threads', 'in flight', 'timers', 'lag p99 ms'],
];

/** What stands over the lines of the minutes, which come one by one. */
export function minuteHead(): string {
  return `${line(MINUTE_HEAD)}\n${line(MINUTE_HEAD.map(() => '---:'))}`;
}

/** Means of the samples of a minute. */
export function minuteLine(minute: number, perSecond: number, samples: readonly Sample[]): string {
  const of = (figure: (sample: Sample) => number, digits = 0) =>
    number(mean(samples.map(figure)), digits);
  return line([
    ...[String(minute), number(perSecond)],
    of(({ residentBytes }) => residentBytes / MEGABYTE, 1),
    of(({ heapBytes }) => heapBytes / MEGABYTE, 1),
    of(({ descriptors }) => descriptors),
    of(({ sockets }) => sockets),
    of(({ upstream }) => upstream),
    of(({ threads }) => threads),
    of(({ inFlight }) => inFlight),
    of(timers),
    of(({ lagP99Ms }) => lagP99Ms, 1),
  ]);
}

export function verdictTable(verdicts: readonly Verdict[]): string {
  const head = ['of the proxy', 'first minute', 'then', 'last minutes', 'idle', 'by', ''];
  const rows = verdicts.map(({ name, firstMinute, earlier, last, idle, because, grows }) => [
    name,
    ...[firstMinute, earlier, last, idle].map((value) => number(value, 1)),
    because,
    grows === undefined ? '' : grows ? 'GROWS' : 'flat',
  ]);
  return table(head, rows);
}

/** How the requests of each kind ended. */
export function endTable(ends: ReadonlyMap<Kind, Ends>): string {
  const statuses = [...new Set([...ends.values()].flatMap((each) => [...each.keys()]))].sort(
    (one, other) => one - other,
  );
  const rows = [...ends].map(([kind, each]) => [
    kind,
    ...statuses.map((status) => String(each.get(status) ?? 0)),
  ]);
  return table(['request', ...statuses.map(endName)], rows);
}

function line(row: Row): string {
  return `| ${row.join(' | ')} |`;
}
