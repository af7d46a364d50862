import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError, type Outcome, type UpstreamRequest } from '@bookings/domain';
import type { Dispatcher } from 'undici';
import { type AttemptEnd, pauseBeforeNextMs } from './retry-rule.ts';
import {
  type Exchange,
  type WireResponse,
  type WireFailure,
  type WireRequest,
  exchange,
} from '../transport/exchange.ts';
import { header } from '../transport/headers.ts';
import { asError } from '../mailbox-limiter/deadline.ts';
import { retryAfterMs } from './retry-after.ts';

/** How often and how long a request may be tried. */
export interface SendLimits {
  /** One attempt, from asking for a connection to the last byte of the answer. */
  readonly attemptTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** In milliseconds of `performance.now()`: later no attempt is worth beginning. */
  readonly worthwhileUntilMs: number;
}

/** Graph's answer, and what is known of the attempts before it. */
export interface Sent {
  readonly answer: WireResponse;
  /** Whether an earlier attempt may have been carried out. */
  readonly perhapsDoneBefore: boolean;
}

/** Failures of Graph's that may be gone when it is asked again (its SDKs repeat 503 and 504). */
const PASSING: readonly number[] = [408, 502, 503, 504];

/**
 * Sends a request, again while `pauseBeforeNextMs` allows it.
 *
 * @throws GraphError when no answer came; its outcome is of all attempts together
 */
export async function send(
  dispatcher: Dispatcher,
  wire: WireRequest,
  request: UpstreamRequest,
  limits: SendLimits,
): Promise<Sent> {
  const { deadlineAtMs, signal, trace } = request;
  const repeatable = wire.method === 'GET' || wire.method === 'DELETE';
  let perhapsDoneBefore = false;
  for (;;) {
    if (request.beforeAttempt) await request.beforeAttempt();
    trace.attempts += 1;
    const remainingMs = deadlineAtMs - performance.now();
    const result = await exchange(dispatcher, wire, {
      timeoutMs: Math.max(0, Math.min(limits.attemptTimeoutMs, remainingMs)),
      maxBodyBytes: limits.maxBodyBytes,
      signal,
    });
    const end = attemptEnd(result);
    const leftMs = limits.worthwhileUntilMs - performance.now();
    const pauseMs = pauseBeforeNextMs(end, repeatable, trace.attempts, leftMs);
    if (pauseMs === undefined) {
      if (result.kind === 'failure') throw failed(result, request, perhapsDoneBefore);
      return { answer: result, perhapsDoneBefore };
    }
    perhapsDoneBefore ||= end.kind === 'lost';
    await sleep(pauseMs, undefined, { signal }).catch(() => {
      throw asError(signal.reason);
    });
  }
}

function attemptEnd(result: Exchange): AttemptEnd {
  if (result.kind === 'failure') {
    if (!result.sent && result.reason !== 'aborted') return { kind: 'not-sent' };
    const passing = result.reason === 'connection' || result.reason === 'timeout';
    return passing ? { kind: 'lost', retryAfterMs: undefined } : { kind: 'final' };
  }
  const throttled = result.status === 429;
  if (!throttled && !PASSING.includes(result.status)) return { kind: 'final' };
  const waitMs = retryAfterMs(header(result.headers, 'retry-after'), Date.now());
  return { kind: throttled ? 'throttled' : 'lost', retryAfterMs: waitMs };
}

/** What it means for the caller that no answer came. */
function failed(
  { reason, sent, cause }: WireFailure,
  request: UpstreamRequest,
  perhapsDoneBefore: boolean,
): Error {
  if (reason === 'aborted') return asError(request.signal.reason);
  const outcome: Outcome = sent || perhapsDoneBefore ? 'unknown' : 'not-sent';
  const [code, message] = FAILURES[reason];
  return new GraphError(code, message, { outcome, cause });
}

const FAILURES = {
  connection: ['BadGateway', 'Graph could not be reached, or broke off without an answer.'],
  timeout: ['GatewayTimeout', 'Graph did not answer in time.'],
  'too-large': ['BadGateway', 'Graph answered with more than such an answer can be.'],
} as const;
