import { performance } from 'node:perf_hooks';
import { GraphError } from '@bookings/domain';

/** How long a request may still take. */
export interface RequestDeadline {
  /** In milliseconds of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/**
 * What is promised, or an error as soon as the deadline passes or the caller leaves. For work that
 * comes before anything is sent: the outcome of the write is then `not-sent`.
 */
export async function withDeadline<T>(
  { signal, deadlineAtMs }: RequestDeadline,
  promised: Promise<T>,
): Promise<T> {
  let end = () => {};
  const ended = new Promise<never>((_resolve, reject) => {
    const abort = () => {
      reject(asError(signal.reason));
    };
    const timer = setTimeout(() => {
      reject(tooLate());
    }, deadlineAtMs - performance.now());
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([promised, ended]);
  } finally {
    end();
  }
}

/** Why a caller's signal was aborted, as something that can be thrown. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function tooLate(): GraphError {
  const message = 'The deadline passed before anything was sent to Graph.';
  return new GraphError('GatewayTimeout', message, { outcome: 'not-sent' });
}
