import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BookingsUpstream,
  type BookingCustomer,
  GraphError,
  type UpstreamAnswer,
  type UpstreamRequest,
} from '@bookings/domain';
import { Pool } from 'undici';
import { type AttemptEnd, attemptReserveMs, pauseBeforeNextMs } from './attempts.ts';
import { type AddressSchema, customerBody } from './customer-body.ts';
import { type Exchange, type WireFailure, type WireRequest, exchange } from './exchange.ts';
import { createdCustomer } from './graph-answer.ts';
import type { GraphCredential } from './graph-credential.ts';
import { header, headersUp } from './headers.ts';
import { MailboxGate, type MailboxGateOptions } from './mailbox-gate.ts';
import { asError, within } from './patience.ts';
import { retryAfterMs } from './retry-after.ts';

export interface GraphClientOptions {
  /** Such as `https://graph.microsoft.com/v1.0`. */
  readonly baseUrl: string;
  readonly credential: GraphCredential;
  /** One attempt, from asking for a connection to the last byte of the answer. */
  readonly attemptTimeoutMs: number;
  readonly mailbox: MailboxGateOptions;
  readonly addressSchema: AddressSchema;
}

/** One customer or one error; more is no answer of Graph's. */
const MAX_ANSWER_BYTES = 1_048_576;

/** Microsoft Graph, or whatever answers like it. */
export class GraphClient extends BookingsUpstream {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #gate: MailboxGate;

  constructor(private readonly options: GraphClientOptions) {
    super();
    const { origin, pathname } = new URL(options.baseUrl);
    this.#basePath = pathname.replace(/\/+$/, '');
    // HTTP/1.1, so that "not a byte was sent" can be told for every request by itself.
    this.#pool = new Pool(origin, {
      allowH2: false,
      pipelining: 1,
      connectTimeout: options.attemptTimeoutMs,
    });
    this.#gate = new MailboxGate(options.mailbox);
  }

  override async createCustomer(
    business: string,
    customer: BookingCustomer,
    request: UpstreamRequest,
  ): Promise<UpstreamAnswer> {
    const { credential, addressSchema } = this.options;
    const token = await within(request, credential.token(request));
    const wire: WireRequest = {
      method: 'POST',
      path: `${this.#basePath}/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`,
      headers: headersUp(request, token),
      body: customerBody(customer, addressSchema),
    };
    const arrivedMs = performance.now();
    const { caller, departed } = request;
    const worthwhileUntilMs =
      request.deadlineAtMs - attemptReserveMs(request.deadlineAtMs - arrivedMs);
    const leave = await this.#gate.enter(business, {
      caller: caller.appId,
      departed,
      deadlineAtMs: worthwhileUntilMs,
    });
    const admittedMs = performance.now();
    request.trace.queuedMs = admittedMs - arrivedMs;
    request.trace.startedAtMs = admittedMs;
    try {
      const end = await this.#write(wire, request, worthwhileUntilMs);
      if (end.kind === 'failure') throw failed(end, request);
      if (end.status === 401) credential.forget(token);
      return createdCustomer(end, caller.kind === 'delegated');
    } finally {
      request.trace.upstreamMs = performance.now() - admittedMs;
      leave();
    }
  }

  override unavailable(): Promise<string | undefined> {
    return this.options.credential.unavailable();
  }

  override async close(): Promise<void> {
    await Promise.all([this.#pool.destroy(), this.options.credential.close()]);
  }

  /** Sends a write, and sends it again only while Graph surely has not acted. */
  async #write(
    wire: WireRequest,
    request: UpstreamRequest,
    worthwhileUntilMs: number,
  ): Promise<Exchange> {
    const { deadlineAtMs, departed, trace } = request;
    for (;;) {
      trace.attempts += 1;
      const remainingMs = deadlineAtMs - performance.now();
      const end = await exchange(this.#pool, wire, {
        timeoutMs: Math.max(0, Math.min(this.options.attemptTimeoutMs, remainingMs)),
        maxBodyBytes: MAX_ANSWER_BYTES,
        departed,
      });
      const leftMs = worthwhileUntilMs - performance.now();
      const pauseMs = pauseBeforeNextMs(attemptEnd(end), trace.attempts, leftMs);
      if (pauseMs === undefined) return end;
      await sleep(pauseMs, undefined, { signal: departed }).catch(() => {
        throw asError(departed.reason);
      });
    }
  }
}

function attemptEnd(end: Exchange): AttemptEnd {
  if (end.kind === 'failure') {
    const again = !end.sent && end.reason !== 'departed';
    return { kind: again ? 'not-sent' : 'final' };
  }
  if (end.status !== 429) return { kind: 'final' };
  const waitMs = retryAfterMs(header(end.headers, 'retry-after'), Date.now());
  return { kind: 'throttled', retryAfterMs: waitMs };
}

/** What it means for the caller that no answer came. */
function failed({ reason, sent, cause }: WireFailure, request: UpstreamRequest): Error {
  if (reason === 'departed') return asError(request.departed.reason);
  const outcome = sent ? 'unknown' : 'not-sent';
  const [code, message] = FAILURES[reason];
  return new GraphError(code, message, { outcome, cause });
}

const FAILURES = {
  connection: ['BadGateway', 'Graph could not be reached, or broke off without an answer.'],
  timeout: ['GatewayTimeout', 'Graph did not answer in time.'],
  'too-large': ['BadGateway', 'Graph answered more than a booking customer can be.'],
} as const;
