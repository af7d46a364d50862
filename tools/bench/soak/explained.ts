import { LEFT, LOST } from '../connection.ts';
import type { Ends, Kind } from './traffic.ts';

/** What is answered when nothing goes wrong. */
const USUAL: Readonly<Record<Kind, number>> = {
  create: 201,
  'keyed create': 201,
  'page of 100': 200,
  'one customer': 200,
};

/**
 * What faults of the upstream may make of a request: 429 after three of its own, or because too many
 * wait for a business that is slow; 502 after a reset or a broken-off answer, for reads after three;
 * 503 as 502. What is asked for again under a key may stay unknown: 504.
 */
const OF_FAULTS: Readonly<Record<Kind, readonly number[]>> = {
  create: [429, 502, 503],
  'keyed create': [429, 502, 503, 504],
  'page of 100': [429, 502, 503],
  'one customer': [429, 502, 503],
};

/** How many of the requests ended in a way that nothing explains. */
export function unexplained(ends: ReadonlyMap<Kind, Ends>, faults: boolean): number {
  let count = 0;
  for (const [kind, statuses] of ends) {
    const expected = [USUAL[kind], LEFT, ...(faults ? OF_FAULTS[kind] : [])];
    for (const [status, times] of statuses) if (!expected.includes(status)) count += times;
  }
  return count;
}

/** What is asked, and what came of it, as the callers and the proxy count it. */
export interface Accounts {
  readonly asked: number;
  readonly answered: number;
  readonly left: number;
  readonly lost: number;
  /** Requests that were due and that no caller was free to ask. */
  readonly unsent: number;
  readonly endedAtProxy: number;
}

/**
 * What is missing in them, empty when every request is accounted for. Of a caller that left at once
 * the proxy may not have seen the request.
 */
export function missing(accounts: Accounts): readonly string[] {
  const { asked, answered, left, lost, unsent, endedAtProxy } = accounts;
  const open = asked - answered - left - lost;
  const faults: [boolean, string][] = [
    [lost > 0, `${lost} answers were lost`],
    [open !== 0, `${open} requests have not ended`],
    [unsent > 0, `${unsent} requests were due and could not be sent`],
    [
      endedAtProxy > asked || endedAtProxy < asked - left,
      `the proxy counts ${endedAtProxy} requests, and not ${asked - left} to ${asked}`,
    ],
  ];
  return faults.filter(([isSo]) => isSo).map(([, text]) => text);
}

/** How a way to end is called. */
export function endName(status: number): string {
  if (status === LEFT) return 'left';
  return status === LOST ? 'lost' : String(status);
}
