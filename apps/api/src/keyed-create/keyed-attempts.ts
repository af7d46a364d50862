import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BookingsUpstream, GraphError, type UpstreamRequest } from '@bookings/domain';
import { apart } from '../customers/apart.ts';
import type { Named, OwnName } from '../customers/own-name.ts';
import type { Finding } from '../idempotency/look-up.ts';
import type { State } from '../idempotency/state.ts';
import type { CallerDeparture } from './caller-departure.ts';
import type { ClaimedKey } from './claimed-key.ts';
import { cannotRemember, claimLost, notRemembered, stillUnknown } from './idempotency-errors.ts';
import type { KeyedCreate } from './keyed-creates.ts';
import { type CreateAnswer, written } from './remembered-answer.ts';

/** A keyed create on its way. */
export interface RunningCreate extends KeyedCreate {
  readonly state: State;
  /** Digests of the key and of what is to be created. */
  readonly key: string;
  readonly content: string;
  readonly departure: CallerDeparture;
}

/** A 201, and how the create came to it. */
export interface KeyedAnswer extends CreateAnswer {
  readonly how: 'created' | 'adopted' | 'replayed';
}

/** How an attempt ended; what Graph surely did not do is thrown. */
export type AttemptEnd =
  | { readonly kind: 'answered'; readonly answer: KeyedAnswer }
  /** Nobody knows whether there is a customer, and the key says so. */
  | { readonly kind: 'lost'; readonly error: Error };

export interface KeyedAttemptsOptions {
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
}

const REMEMBER_AGAIN_MS = 200;

/** What is done under a claim: an attempt at Graph, or taking what an earlier one has created. */
export class KeyedAttempts {
  constructor(
    private readonly upstream: BookingsUpstream,
    private readonly names: OwnName,
    private readonly options: KeyedAttemptsOptions,
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
  async send(create: RunningCreate, claimed: ClaimedKey, again: boolean): Promise<AttemptEnd> {
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
      const created = await apart(request, (asked) =>
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
    claimed: ClaimedKey,
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
    claimed: ClaimedKey,
    created: Parameters<OwnName['keep']>[2],
    how: KeyedAnswer['how'],
  ): Promise<AttemptEnd> {
    const { business, customer, request } = create;
    const named = await this.names.keep(business, customer, created, request);
    await this.#remember(create, claimed, named);
    return { kind: 'answered', answer: { ...named.answer, warning: named.warning, how } };
  }

  /** Not remembered is not answered: another key of the same customer could come to take it. */
  async #remember(
    { state, business, key, idempotencyKey, request }: RunningCreate,
    claimed: ClaimedKey,
    { answer, warning }: Named,
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
function mayHaveHappened(error: unknown, departure: CallerDeparture): boolean {
  if (!(error instanceof GraphError)) return departure.isIgnored;
  return error.outcome === 'unknown' || (error.outcome === undefined && error.status >= 500);
}
