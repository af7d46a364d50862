import { isObject } from '@bookings/domain';
import type { AttemptEnd } from '../mailbox-limiter/place.ts';
import type { ExchangeResult, WireResponse } from '../transport/exchange.ts';
import { header } from '../transport/headers.ts';
import { readJson } from '../transport/json-response.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import type { AttemptResult } from './retry-rule.ts';

/** Statuses of transient failures. Microsoft's SDKs also retry 503 and 504. */
const TRANSIENT: readonly number[] = [408, 502, 503, 504];
const THROTTLED = 429;

/** How an attempt ended, for the decision about another one. */
export function attemptResult(result: ExchangeResult): AttemptResult {
  if (result.kind === 'failure') {
    if (!result.sent && result.reason !== 'aborted') return { kind: 'not-sent' };
    const transient = result.reason === 'connection' || result.reason === 'timeout';
    return transient ? { kind: 'lost', retryAfterMs: undefined } : { kind: 'final' };
  }
  const throttled = result.status === THROTTLED;
  if (!throttled && !TRANSIENT.includes(result.status)) return { kind: 'final' };
  return { kind: throttled ? 'throttled' : 'lost', retryAfterMs: retryAfterOf(result) };
}

/** How an attempt ended, for the place that it held. */
export function attemptEnd(result: ExchangeResult): AttemptEnd {
  if (result.kind === 'failure') return { kind: result.sent ? 'unanswered' : 'not-sent' };
  if (result.status !== THROTTLED) return { kind: 'answered' };
  const isOverConcurrency = namesConcurrency(result);
  return { kind: 'throttled', retryAfterMs: retryAfterOf(result), isOverConcurrency };
}

function retryAfterOf({ headers }: WireResponse): number | undefined {
  return retryAfterMs(header(headers, 'retry-after'), Date.now());
}

/** Observed: "Application is over its MailboxConcurrency limit." with the code `ApplicationThrottled`. */
function namesConcurrency(response: WireResponse): boolean {
  const body = readJson(response);
  const error = isObject(body) ? body['error'] : undefined;
  const message = isObject(error) ? error['message'] : undefined;
  return typeof message === 'string' && /\bMailboxConcurrency\b/i.test(message);
}
