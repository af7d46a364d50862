import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { withSeparateAttempts, type BookingsGateway, GraphError, type UpstreamRequest } from '@bookings/domain';
import type { DisplayNames, EnsuredCustomer } from './ports.ts';
import type { Finding } from './lookup.ts';
import type { OpenStore } from './open-store.ts';
import type { ClientDisconnect } from './client-disconnect.ts';
import type { LeasedKey } from './leased-key.ts';
import { cannotRemember, claimLost, notRemembered, stillUnknown } from './errors.ts';
import type { IdempotentCreate } from './idempotent-creates.ts';
import { type CreateResponse, written } from './stored-response.ts';

/** A keyed create on its way. */
export interface RunningCreate extends IdempotentCreate {
  readonly state: OpenStore;
  /** Digests of the key and of what is to be created. */
  readonly key: string;
  readonly content: string;
  readonly departure: ClientDisconnect;
}

/** A 201, and how the create came to it. */
export interface IdempotentResponse extends CreateResponse {
  readonly how: 'created' | 'adopted' | 'replayed';
}

/** How an attempt ended; what Graph surely did not do is thrown. */
export type AttemptEnd =
  | { readonly kind: 'answered'; readonly answer: IdempotentResponse }
  /** Nobody knows whether there is a customer, and the key says so. */
  | { readonly kind: 'lost'; readonly error: Error };

export interface IdempotentAttemptsOptions {
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
}

const REMEMBER_AGAIN_MS = 200;

/** What is done under a claim: an attempt at Graph, or taking what an earlier one has created. */
export class IdempotentAttempts {
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly displayNames: DisplayNames,
    private readonly options: IdempotentAttemptsOptions,
  ) {}

  /** Whether a whole attempt fits what is left, or half of the deadline where attempts are longer. */
  fits({ deadlineAtMs }: UpstreamRequest): boolean {
    const { attemptTimeoutMs, deadlineMs } = this.options;
    return performance.now() + Math.min(attemptTimeoutMs, deadlineMs / 2) <= deadlineAtMs;
  }

  /**
   * @param again whether an earlier attempt under the key may have created the customer
   * @throws GraphError Graph's refusal, or 504 where the key stays unknown all the same
   */
  async send(create: RunningCreate, claimed: LeasedKey, again: boolean): Promise<AttemptEnd> {
    const { business, customer, request, departure } = create;
    const beforeAttempt = async () => {
      departure.throwIfGone();
      const moved = await claimed.send(request.deadlineAtMs).catch((cause: unknown) => {
        throw cannotRemember(cause);
      });
      if (moved !== 'moved') throw claimLost();
      departure.send();
    };
    try {
      const created = await withSeparateAttempts(request, (asked) =>
        this.upstream.createCustomer(business, customer, { ...asked, beforeAttempt }),
      );
      return await this.#conclude(create, claimed, created, 'created');
    } catch (error) {
      if (mayHaveHappened(error, departure)) {
        await claimed.abandon();
        return { kind: 'lost', error: error instanceof Error ? error : new Error(String(error)) };
      }
      await claimed.release();
      throw again ? stillUnknown({ cause: error }) : error;
    }
  }

  /** Takes a customer that a look-up has found for the key's. */
  adopt(
    create: RunningCreate,
    claimed: LeasedKey,
    { customer, id }: Extract<Finding, { kind: 'found' }>,
  ): Promise<AttemptEnd> {
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
    return this.#conclude(create, claimed, found, 'adopted');
  }

  async #conclude(
    create: RunningCreate,
    claimed: LeasedKey,
    created: Parameters<DisplayNames['ensure']>[2],
    how: IdempotentResponse['how'],
  ): Promise<AttemptEnd> {
    const { business, customer, request } = create;
    const named = await this.displayNames.ensure(business, customer, created, request);
    await this.#remember(create, claimed, named);
    return { kind: 'answered', answer: { ...named.answer, warning: named.warning, how } };
  }

  /** Not remembered is not answered: another key of the same customer could come to take it. */
  async #remember(
    { state, business, key, idempotencyKey, request }: RunningCreate,
    claimed: LeasedKey,
    { answer, warning }: EnsuredCustomer,
  ): Promise<void> {
    const { secret } = state;
    const sealed = secret.seal(key, idempotencyKey, written({ ...answer, warning }));
    for (;;) {
      try {
        const moved = await claimed.done(secret.customer(business, answer.id), sealed);
        if (moved === 'moved') return;
        throw moved === 'owned' ? stillUnknown() : claimLost();
      } catch (error) {
        if (error instanceof GraphError) throw error;
        if (performance.now() + REMEMBER_AGAIN_MS > request.deadlineAtMs)
          throw notRemembered(error);
        await sleep(REMEMBER_AGAIN_MS);
      }
    }
  }
}

/** Anything that nobody foresaw is unknown from the moment on at which something was sent. */
function mayHaveHappened(error: unknown, departure: ClientDisconnect): boolean {
  if (!(error instanceof GraphError)) return departure.isIgnored;
  return error.outcome === 'unknown' || (error.outcome === undefined && error.status >= 500);
}
