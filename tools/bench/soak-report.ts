import { LEFT, LOST } from './load.ts';

/** The bound of the process's resident memory. */
export const MOST_MB = 256;

/**
 * What a request of each kind may end with: the usual status, and what faults of the upstream make of
 * it. 429 comes after three of the upstream's own, or when too many wait for a business; 502 and 503
 * after a fault that nothing mends; 504 for a create with a key of which it is not known whether the
 * customer exists.
 */
export const EXPECTED: Readonly<Record<string, readonly number[]>> = {
  create: [201, 429, 502, 503],
  'create with a key': [201, 429, 502, 503, 504],
  'page of 100': [200, 429, 502, 503],
  'one customer': [200, 429, 502, 503],
};

/** What the process holds at one moment. */
export interface Held {
  readonly residentMb: number;
  readonly descriptors: number;
  readonly timers: number;
  /** Requests for customers that have ended so far, by the process's own count. */
  readonly ended: number;
}

export interface Soaked {
  /** When the process was warm and had nothing to do, before the load and after it. */
  readonly before: Held;
  readonly after: Held;
  /** The most that was seen under load. */
  readonly mostMb: number;
  /** Of each kind of request, how many ended with each status, `LOST` or `LEFT`. */
  readonly ends: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** A line for each thing that must hold, and whether all do. */
export function verdict({ before, after, mostMb, ends }: Soaked) {
  const all = [...ends].flatMap(([kind, statuses]) =>
    [...statuses].map(([status, count]) => ({ kind, status, count })),
  );
  const sum = (which: (end: (typeof all)[number]) => boolean) =>
    all.filter(which).reduce((total, { count }) => total + count, 0);
  const asked = sum(() => true);
  const left = sum(({ status }) => status === LEFT);
  const unexplained = sum(
    ({ kind, status }) => status !== LEFT && !EXPECTED[kind]?.includes(status),
  );
  // Of a caller that left at once the process may not have seen the request.
  const counted = after.ended - before.ended;
  const checks: [boolean, string][] = [
    [mostMb <= MOST_MB, `resident memory: ${mostMb.toFixed(0)} MB (at most ${MOST_MB})`],
    [
      after.descriptors <= before.descriptors,
      `descriptors at rest: ${before.descriptors}, then ${after.descriptors}`,
    ],
    [after.timers <= before.timers, `timers at rest: ${before.timers}, then ${after.timers}`],
    [unexplained === 0, `answers that nothing explains: ${unexplained} of ${asked}`],
    [
      counted <= asked && counted >= asked - left,
      `requests that the process counted: ${counted} (${asked - left} to ${asked})`,
    ],
  ];
  const lines = checks.map(([holds, text]) => `${holds ? 'holds' : 'missed'}: ${text}`);
  return { text: lines.join('\n'), holds: checks.every(([holds]) => holds) };
}

/** How the requests of each kind ended. */
export function endLines(ends: Soaked['ends']): string {
  const names: Readonly<Record<number, string>> = { [LOST]: 'lost', [LEFT]: 'left' };
  const name = ([status, count]: [number, number]) => `${count} x ${names[status] ?? status}`;
  return [...ends].map(([kind, of]) => `${kind}: ${[...of].map(name).join(', ')}`).join('\n');
}

/** Of a `/metrics` text: the sum of the series whose line matches. */
export function metric(text: string, series: RegExp): number {
  const lines = text.split('\n').filter((line) => series.test(line));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
