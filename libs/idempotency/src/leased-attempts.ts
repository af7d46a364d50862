import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BookingsGateway,
  GraphError,
  type UpstreamRequest,
  withSeparateAttempts,
} from '@bookings/domain';
import {
  leaseLost,
  mayHaveSucceeded,
  outcomeUnknown,
  responseNotStored,
  storeUnavailable,
} from './errors.ts';
import type { IdempotentResponse, RunningCreate } from './idempotent-create.ts';
import type { LeasedKey } from './leased-key.ts';
import type { Finding } from './lookup.ts';
import type { DisplayNames, EnsuredCustomer } from './ports.ts';
import { serializeResponse } from './response-codec.ts';

/** How an attempt ended. A refusal by Graph is thrown instead. */
export type AttemptResult =
  | { readonly kind: 'succeeded'; readonly response: IdempotentResponse }
  /** The customer may exist. The record of the key is `unknown`. */
  | { readonly kind: 'unknown'; readonly error: Error };

export interface LeasedAttemptsOptions {
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
}

const STORE_RETRY_MS = 200;

/** What a request does while it holds the key: send the create, or adopt an existing customer. */
export class LeasedAttempts {
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly displayNames: DisplayNames,
    private readonly options: LeasedAttemptsOptions,
  ) {}

  /** Whether the time left is enough for an attempt, or for half of a deadline that is shorter. */
  fits({ deadlineAtMs }: UpstreamRequest): boolean {
    const { attemptTimeoutMs, deadlineMs } = this.options;
    return performance.now() + Math.min(attemptTimeoutMs, deadlineMs / 2) <= deadlineAtMs;
  }

  /**
   * @param wasUnknown whether an earlier attempt with the key had an unknown outcome; a refusal
   *   then says nothing about that attempt
   * @throws GraphError the refusal of Graph, or 504 when the outcome is still unknown
   */
  async send(create: RunningCreate, lease: LeasedKey, wasUnknown: boolean): Promise<AttemptResult> {
    const { business, customer, request, disconnect } = create;
    const beforeAttempt = async () => {
      disconnect.throwIfAborted();
      const result = await lease.markSent(request.deadlineAtMs).catch((cause: unknown) => {
        throw storeUnavailable(cause);
      });
      if (result !== 'updated') throw leaseLost();
      disconnect.markSent();
    };
    try {
      const created = await withSeparateAttempts(request, (attempt) =>
        this.upstream.createCustomer(business, customer, { ...attempt, beforeAttempt }),
      );
      return await this.#complete(create, lease, created, 'created');
    } catch (error) {
      if (mayHaveSucceeded(error, disconnect.hasSent)) {
        await lease.abandon();
        return {
          kind: 'unknown',
          error: error instanceof Error ? error : new Error(String(error)),
        };
      }
      await lease.release();
      throw wasUnknown ? outcomeUnknown({ cause: error }) : error;
    }
  }

  /** Responds with an existing customer that a lookup has found. */
  adopt(
    create: RunningCreate,
    lease: LeasedKey,
    { customer, id }: Extract<Finding, { kind: 'found' }>,
  ): Promise<AttemptResult> {
    const { displayName } = customer;
    const found = {
      status: 201,
      body: Buffer.from(JSON.stringify(customer)),
      contentType: 'application/json',
      headers: {},
      requestId: undefined,
      date: undefined,
      id,
      displayName: typeof displayName === 'string' ? displayName : undefined,
    };
    return this.#complete(create, lease, found, 'adopted');
  }

  async #complete(
    create: RunningCreate,
    lease: LeasedKey,
    created: Parameters<DisplayNames['ensure']>[2],
    outcome: IdempotentResponse['outcome'],
  ): Promise<AttemptResult> {
    const { business, customer, request } = create;
    const ensured = await this.displayNames.ensure(business, customer, created, request);
    await this.#store(create, lease, ensured);
    const { response, warning } = ensured;
    return { kind: 'succeeded', response: { ...response, warning, outcome } };
  }

  /**
   * Stores the response before it is sent. Otherwise another key with the same fingerprint could
   * adopt the customer.
   */
  async #store(
    { secret, business, key, sealingKey, request }: RunningCreate,
    lease: LeasedKey,
    { response, warning }: EnsuredCustomer,
  ): Promise<void> {
    const serialized = serializeResponse({ ...response, warning });
    const sealed = secret.seal(key, sealingKey, serialized);
    for (;;) {
      try {
        const result = await lease.complete(secret.customerDigest(business, response.id), sealed);
        if (result === 'updated') return;
        throw result === 'owned-by-another' ? outcomeUnknown() : leaseLost();
      } catch (error) {
        if (error instanceof GraphError) throw error;
        if (performance.now() + STORE_RETRY_MS > request.deadlineAtMs) {
          throw responseNotStored(error);
        }
        await sleep(STORE_RETRY_MS);
      }
    }
  }
}
