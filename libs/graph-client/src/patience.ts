import { performance } from 'node:perf_hooks';
import { type Departed, GraphError } from '@bookings/domain';

/** How long a request may still take. */
export interface Patience {
  /** In milliseconds of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Aborts when the caller goes away. */
  readonly departed: Departed;
}

/**
 * What is promised, or an error as soon as the deadline passes or the caller leaves. For work that
 * comes before anything is sent: the outcome of the write is then `not-sent`.
 */
export async function within<T>(
  { departed, deadlineAtMs }: Patience,
  promised: Promise<T> | T,
): Promise<T> {
  let end = () => {};
  const ended = new Promise<never>((_resolve, reject) => {
    const depart = () => {
      reject(asError(departed.reason));
    };
    const timer = setTimeout(() => {
      reject(tooLate());
    }, deadlineAtMs - performance.now());
    departed.addEventListener('abort', depart);
    if (departed.aborted) depart();
    end = () => {
      clearTimeout(timer);
      departed.removeEventListener('abort', depart);
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
