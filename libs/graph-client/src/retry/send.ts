import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError, type Outcome, type UpstreamRequest } from '@bookings/domain';
import type { Dispatcher } from 'undici';
import { type AttemptResult, retryDelayMs } from './retry-rule.ts';
import {
  type ExchangeResult,
  type SendResult,
  type WireFailure,
  type WireRequest,
  exchange,
} from '../transport/exchange.ts';
import { header } from '../transport/headers.ts';
import { asError } from '../transport/deadline.ts';
import { retryAfterMs } from '../transport/retry-after.ts';

export interface SendLimits {
  /** Timeout of one attempt, from the wait for a connection to the last byte of the response. */
  readonly attemptTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** When it is too late to start another attempt, in milliseconds of `performance.now()`. */
  readonly lastStartAtMs: number;
}

/** Statuses of transient failures. Microsoft's SDKs also retry 503 and 504. */
const TRANSIENT: readonly number[] = [408, 502, 503, 504];

/**
 * Sends a request, with retries as `retryDelayMs` allows.
 *
 * @throws GraphError when no response arrives; its outcome covers all attempts
 */
export async function send(
  dispatcher: Dispatcher,
  wire: WireRequest,
  request: UpstreamRequest,
  limits: SendLimits,
): Promise<SendResult> {
  const { deadlineAtMs, signal, trace } = request;
  const repeatable = wire.method === 'GET' || wire.method === 'DELETE';
  let mayBeDone = false;
  for (;;) {
    if (request.beforeAttempt) await request.beforeAttempt();
    trace.attempts += 1;
    const untilDeadlineMs = deadlineAtMs - performance.now();
    const result = await exchange(dispatcher, wire, {
      timeoutMs: Math.max(0, Math.min(limits.attemptTimeoutMs, untilDeadlineMs)),
      maxBodyBytes: limits.maxBodyBytes,
      signal,
    });
    const attempt = attemptResult(result);
    const remainingMs = limits.lastStartAtMs - performance.now();
    const delayMs = retryDelayMs(attempt, repeatable, trace.attempts, remainingMs);
    if (delayMs === undefined) {
      if (result.kind === 'failure') throw toError(result, request, mayBeDone);
      return { response: result, mayBeDone };
    }
    mayBeDone ||= attempt.kind === 'lost';
    await sleep(delayMs, undefined, { signal }).catch(() => {
      throw asError(signal.reason);
    });
  }
}

function attemptResult(result: ExchangeResult): AttemptResult {
  if (result.kind === 'failure') {
    if (!result.sent && result.reason !== 'aborted') return { kind: 'not-sent' };
    const transient = result.reason === 'connection' || result.reason === 'timeout';
    return transient ? { kind: 'lost', retryAfterMs: undefined } : { kind: 'final' };
  }
  const throttled = result.status === 429;
  if (!throttled && !TRANSIENT.includes(result.status)) return { kind: 'final' };
  const afterMs = retryAfterMs(header(result.headers, 'retry-after'), Date.now());
  return { kind: throttled ? 'throttled' : 'lost', retryAfterMs: afterMs };
}

function toError(
  { reason, sent, cause }: WireFailure,
  request: UpstreamRequest,
  mayBeDone: boolean,
): Error {
  if (reason === 'aborted') return asError(request.signal.reason);
  const outcome: Outcome = sent || mayBeDone ? 'unknown' : 'not-sent';
  const [code, message] = FAILURES[reason];
  return new GraphError(code, message, { outcome, cause });
}

const FAILURES = {
  connection: ['BadGateway', 'The connection to Graph failed.'],
  timeout: ['GatewayTimeout', 'Graph did not answer in time.'],
  'too-large': ['BadGateway', "Graph's response is too large."],
} as const;
