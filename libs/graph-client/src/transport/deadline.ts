import { performance } from 'node:perf_hooks';
import { GraphError } from '@bookings/domain';

/** How long a request may take. */
export interface RequestDeadline {
  /** In milliseconds of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/**
 * Waits for `work` until the deadline passes or the client disconnects. It is for work before the
 * request is sent, so the outcome of a write is then `not-sent`.
 *
 * @throws GraphError 504 at the deadline, or the reason of the signal
 */
export async function withDeadline<T>(
  { signal, deadlineAtMs }: RequestDeadline,
  work: Promise<T>,
): Promise<T> {
  let cleanUp = () => {};
  const ended = new Promise<never>((_resolve, reject) => {
    const abort = () => {
      reject(asError(signal.reason));
    };
    // Node warns of a negative time.
    const leftMs = Math.max(0, deadlineAtMs - performance.now());
    const timer = setTimeout(() => {
      reject(deadlinePassed());
    }, leftMs);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    cleanUp = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    cleanUp();
  }
}

/**
 * Waits for `work` until the client disconnects. The work goes on.
 *
 * @throws the reason of the signal
 */
export async function whileConnected<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const abort = () => {
    reject(asError(signal.reason));
  };
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The reason of an aborted signal as an error. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function deadlinePassed(): GraphError {
  const message = 'The deadline passed before the request was sent to Graph.';
  return new GraphError('GatewayTimeout', message, { outcome: 'not-sent' });
}
