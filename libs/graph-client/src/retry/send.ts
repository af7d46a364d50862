import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GraphError,
  type Outcome,
  type UpstreamRequest,
  type UpstreamTrace,
} from '@bookings/domain';
import type { MailboxLimiter } from '../mailbox-limiter/mailbox-limiter.ts';
import type { Place } from '../mailbox-limiter/place.ts';
import { MAX_PAUSE_MS } from '../mailbox-limiter/places.ts';
import { asError } from '../transport/deadline.ts';
import type { ExchangeResult, SendResult, WireFailure } from '../transport/exchange.ts';
import {
  type AttemptEvents,
  type AttemptLimits,
  type Attempts,
  type RoutedRequest,
  attempt,
} from './attempt.ts';
import { attemptResult } from './attempt-result.ts';
import type { RepeatBudget } from './repeat-budget.ts';
import { type AttemptResult, retryDelayMs } from './retry-rule.ts';

/** What the requests of a process share. */
export interface Upstream extends Attempts {
  readonly limiter: MailboxLimiter;
  readonly budget: RepeatBudget;
  readonly events: SendEvents;
}

export interface SendEvents extends AttemptEvents {
  /** A request was not repeated, because the budget was used up. */
  repeatRefused(): void;
}

export interface SendLimits extends AttemptLimits {
  /** When it is too late to start another attempt, in milliseconds of `performance.now()`. */
  readonly lastStartAtMs: number;
}

interface Ended {
  readonly result: ExchangeResult;
  readonly attempt: AttemptResult;
  /** Whether Graph may have carried out an earlier attempt. */
  readonly mayBeDone: boolean;
}

/**
 * Sends a request from a place at its mailbox, with retries as `retryDelayMs` and the budget allow. A
 * request holds no place while it waits for a retry.
 *
 * @throws GraphError when no response arrives; its outcome covers all attempts
 */
export async function send(
  upstream: Upstream,
  business: string,
  wire: RoutedRequest,
  request: UpstreamRequest,
  limits: SendLimits,
): Promise<SendResult> {
  const repeatable = wire.method === 'GET' || wire.method === 'DELETE';
  let last: Ended | undefined;
  for (let isRepeat = false; ; isRepeat = true) {
    let place: Place;
    try {
      place = await acquire(upstream, business, request, limits.lastStartAtMs, isRepeat);
    } catch (error) {
      if (last && !outdates(error, last)) return conclude(last, request);
      throw error;
    }
    if (!isRepeat) upstream.budget.earn();
    const result = await timed(request.trace, () =>
      attempt(upstream, place, wire, request, limits),
    );
    if (!result) continue;
    last = {
      result,
      attempt: attemptResult(result),
      mayBeDone: last !== undefined && (last.mayBeDone || last.attempt.kind === 'lost'),
    };
    const remainingMs = limits.lastStartAtMs - performance.now();
    const delayMs = retryDelayMs(last.attempt, repeatable, request.trace.attempts, remainingMs);
    if (delayMs === undefined) return conclude(last, request);
    if (!upstream.budget.spend()) {
      upstream.events.repeatRefused();
      return conclude(last, request);
    }
    if (!pausesMailbox(last.attempt)) await pause(delayMs, request.signal);
  }
}

/** Adds the time until the end of `work` to the trace. */
async function timed<T>(trace: UpstreamTrace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    trace.upstreamMs = performance.now() - (trace.startedAtMs ?? NaN);
  }
}

async function acquire(
  { limiter }: Upstream,
  business: string,
  { caller, signal, deadlineAtMs, trace, spans }: UpstreamRequest,
  lastStartAtMs: number,
  isRepeat: boolean,
): Promise<Place> {
  const queuedAtMs = performance.now();
  const wait = () =>
    limiter.acquire(business, {
      caller: caller.appId,
      signal,
      deadlineAtMs,
      lastStartAtMs,
      isRepeat,
    });
  const place = await (spans ? spans.mailboxWait(wait) : wait());
  if (trace.startedAtMs === undefined) {
    trace.startedAtMs = performance.now();
    trace.queuedMs = trace.startedAtMs - queuedAtMs;
  }
  return place;
}

/**
 * Whether the reason why there is no place for a repeat replaces the result of the attempt before: the
 * client is gone, or Graph did nothing and the limiter knows better when to repeat.
 */
function outdates(error: unknown, { attempt: { kind }, mayBeDone }: Ended): boolean {
  return !(error instanceof GraphError) || (kind === 'throttled' && !mayBeDone);
}

/** Whether the limiter makes the request wait for as long as Graph asks. */
function pausesMailbox(attempt: AttemptResult): boolean {
  return attempt.kind === 'throttled' && (attempt.retryAfterMs ?? Infinity) <= MAX_PAUSE_MS;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw asError(signal.reason);
  });
}

function conclude({ result, mayBeDone }: Ended, request: UpstreamRequest): SendResult {
  if (result.kind === 'failure') throw toError(result, request, mayBeDone);
  return { response: result, mayBeDone };
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
