import { performance } from 'node:perf_hooks';
import type { AttemptSpan, RunningWork, UpstreamRequest } from '@bookings/domain';
import type { Dispatcher } from 'undici';
import type { Place } from '../mailbox-limiter/place.ts';
import { whileConnected, withDeadline } from '../transport/deadline.ts';
import { type ExchangeResult, type WireRequest, exchange } from '../transport/exchange.ts';
import { attemptEnd } from './attempt-result.ts';

export interface AttemptEvents {
  /**
   * An attempt has ended, whether or not a caller waits for it.
   *
   * @param result the status, or why there is none
   */
  attempted(result: number | 'lost' | 'not-sent'): void;
  /** Graph has answered 429, whether or not a caller waits for the answer. */
  throttled(): void;
}

/** What the attempts of a process share. */
export interface Attempts {
  readonly dispatcher: Dispatcher;
  /** Those that run, including those that no caller waits for. */
  readonly running: RunningWork;
  readonly events: AttemptEvents;
}

export interface RoutedRequest extends WireRequest {
  /** The path with its parameters in braces, for traces. */
  readonly route: string;
}

export interface AttemptLimits {
  /** Timeout of one attempt, from the wait for a connection to the last byte of the response. */
  readonly attemptTimeoutMs: number;
  readonly maxBodyBytes: number;
}

/**
 * Sends a request once. An attempt whose client disconnects after it was sent runs to its end unseen,
 * because Graph goes on working, and its place counts until then.
 *
 * @param place given back when the attempt has ended
 * @returns undefined if a pause began before anything was sent: the request needs another place
 * @throws the reason of the signal, or of `beforeAttempt`; GraphError 504 when the deadline passes
 *   before that has ended, although it goes on
 */
export async function attempt(
  { dispatcher, running, events }: Attempts,
  place: Place,
  { route, ...wire }: RoutedRequest,
  request: UpstreamRequest,
  { attemptTimeoutMs, maxBodyBytes }: AttemptLimits,
): Promise<ExchangeResult | undefined> {
  const { signal, deadlineAtMs, beforeAttempt, trace, spans } = request;
  try {
    // A store that hangs must not keep the place from others. Nothing is sent then.
    if (beforeAttempt) await withDeadline(request, beforeAttempt());
  } catch (error) {
    place.end({ kind: 'not-sent' });
    throw error;
  }
  const span = spans?.attempt({ method: wire.method, route, resendCount: trace.attempts });
  trace.attempts += 1;
  const exchanging = exchange(dispatcher, span ? traced(wire, span) : wire, {
    timeoutMs: Math.max(0, Math.min(attemptTimeoutMs, deadlineAtMs - performance.now())),
    maxBodyBytes,
    signal,
    mayBegin: () => place.mayBegin(),
  });
  const ended = running.add(
    exchanging.then((result) => {
      const end = attemptEnd(result);
      place.end(end);
      if (end.kind === 'throttled') events.throttled();
      // A pause has begun before anything was sent: that is no attempt.
      if (result.kind !== 'failure') events.attempted(result.status);
      else if (result.sent) events.attempted('lost');
      else if (result.reason !== 'aborted') events.attempted('not-sent');
      if (result.kind !== 'failure') span?.end(result.status);
      else if (result.reason !== 'aborted') span?.end(result.reason);
      return result;
    }),
  );
  const result = await whileConnected(signal, ended);
  if (result.kind !== 'failure' || result.reason !== 'aborted') return result;
  trace.attempts -= 1;
  return undefined;
}

/** The request as a part of our trace: the attempt is the parent of what Graph does. */
function traced(wire: WireRequest, { traceparent }: AttemptSpan): WireRequest {
  return { ...wire, headers: { ...wire.headers, traceparent } };
}
