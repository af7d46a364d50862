import type { Fault } from '@bookings/graph-fake';

/**
 * The fake stops working on a request of a fault when its connection is closed, so no place needs to
 * linger. With it, the places of earlier faults would keep a test waiting.
 */
export const NO_LINGER = { MAILBOX_LINGER_MS: '0' };

/** An error body in Graph's shape. */
export const graphError = (code: string, message = 'x') => ({
  error: {
    code,
    message,
    innerError: {
      date: '2021-11-23T15:25:07',
      'request-id': '6de1f37c-6607-4e29-ba6e-867c6f768490',
      'client-request-id': '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
    },
  },
});

interface FaultDetails {
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly times?: number;
}

/** Graph responds with this status and stores nothing. */
export const respond = (status: number, body?: unknown, details: FaultDetails = {}): Fault => ({
  kind: 'status',
  status,
  ...(body !== undefined && { body }),
  ...details,
});

/** Graph throttles and asks for an immediate retry. */
export const throttle = (times = 1): Fault =>
  respond(429, graphError('TooManyRequests'), { headers: { 'Retry-After': '0' }, times });

type Moment = 'before-stored' | 'after-stored';
const broken = (kind: 'reset' | 'silence', when: Moment, times?: number): Fault => ({
  kind,
  when,
  ...(times !== undefined && { times }),
});

/** The connection is reset before anything is stored. */
export const resetBefore = (times?: number) => broken('reset', 'before-stored', times);
/** The connection is reset after the request was carried out. */
export const resetAfter = (times?: number) => broken('reset', 'after-stored', times);
/** Graph never responds and stores nothing. */
export const silenceBefore = (times?: number) => broken('silence', 'before-stored', times);
/** Graph never responds to a request that it has carried out. */
export const silenceAfter = (times?: number) => broken('silence', 'after-stored', times);
