import { LEFT, LOST } from './load.ts';

/** The limit of the resident memory. */
export const MAX_MB = 256;

/**
 * The possible statuses of each kind of request: the usual one, and those after faults of the
 * upstream. 429 follows three 429s of the upstream or a full queue, 502 and 503 a fault that a retry
 * does not cure, and 504 a create with a key and an unknown outcome.
 */
export const EXPECTED: Readonly<Record<string, readonly number[]>> = {
  create: [201, 429, 502, 503],
  'create with a key': [201, 429, 502, 503, 504],
  'page of 100': [200, 429, 502, 503],
  'one customer': [200, 429, 502, 503],
};

/** The resources of the process at one moment. */
export interface Held {
  readonly residentMb: number;
  readonly descriptors: number;
  readonly timers: number;
  /** The metric of finished requests for customers. */
  readonly ended: number;
}

export interface Soaked {
  /** While the process was warm and idle, before and after the load. */
  readonly before: Held;
  readonly after: Held;
  /** The maximum under load. */
  readonly maxMb: number;
  /** How many requests of each kind ended with each status, `LOST` or `LEFT`. */
  readonly ends: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** A line for each condition, and whether all hold. */
export function verdict({ before, after, maxMb, ends }: Soaked) {
  const all = [...ends].flatMap(([kind, statuses]) =>
    [...statuses].map(([status, count]) => ({ kind, status, count })),
  );
  const sum = (which: (end: (typeof all)[number]) => boolean) =>
    all.filter(which).reduce((total, { count }) => total + count, 0);
  const sent = sum(() => true);
  const left = sum(({ status }) => status === LEFT);
  const unexplained = sum(
    ({ kind, status }) => status !== LEFT && !EXPECTED[kind]?.includes(status),
  );
  // The process may not have seen the request of a client that disconnected at once.
  const counted = after.ended - before.ended;
  const checks: [boolean, string][] = [
    [maxMb <= MAX_MB, `resident memory: ${maxMb.toFixed(0)} MB (at most ${MAX_MB})`],
    [
      after.descriptors <= before.descriptors,
      `descriptors at rest: ${before.descriptors}, then ${after.descriptors}`,
    ],
    [after.timers <= before.timers, `timers at rest: ${before.timers}, then ${after.timers}`],
    [unexplained === 0, `unexplained responses: ${unexplained} of ${sent}`],
    [
      counted <= sent && counted >= sent - left,
      `requests that the process counted: ${counted} (${sent - left} to ${sent})`,
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

/** The sum of the matching series in a `/metrics` text. */
export function metric(text: string, series: RegExp): number {
  const lines = text.split('\n').filter((line) => series.test(line));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
