import { performance } from 'node:perf_hooks';
import { type BookingCustomer, GraphError, type UpstreamRequest } from '@bookings/domain';
import { canonicalJson } from './canonical-json.ts';
import type { KeyOutcome, Look } from './transition.ts';
import type { StoreConnection } from './store-connection.ts';
import type { IdempotencyAudit, IdempotencyMetrics, IdempotentOutcome } from './ports.ts';
import { ClientDisconnect } from './client-disconnect.ts';
import { LeasedKey, leaseMs } from './leased-key.ts';
import { cannotRemember, keyInUse, keyReused, stillUnknown } from './errors.ts';
import type { AttemptEnd, IdempotentResponse, IdempotentAttempts, RunningCreate } from './idempotent-attempts.ts';
import { readAnswer } from './stored-response.ts';
import type { Reconciliation, Reconciler } from './reconciler.ts';

type Claim = Extract<KeyOutcome, { kind: 'claimed' }>;

/** A create with an Idempotency-Key. */
export interface IdempotentCreate {
  readonly business: string;
  readonly customer: BookingCustomer;
  readonly idempotencyKey: string;
  readonly request: UpstreamRequest;
}

/** Creates that happen once, whatever is lost on the way; see `key-record.ts` for the protocol. */
export class IdempotentCreates {
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    private readonly opening: StoreConnection,
    private readonly attempts: IdempotentAttempts,
    private readonly settlement: Reconciler,
    private readonly audit: IdempotencyAudit,
    private readonly metrics: IdempotencyMetrics,
  ) {}

  /** @throws GraphError 409, 422, 503 or 504 of the proxy's own, or Graph's */
  create(asked: IdempotentCreate): Promise<IdempotentResponse> {
    const running = this.#counted(asked);
    this.#running.add(running);
    const over = () => this.#running.delete(running);
    running.then(over, over);
    return running;
  }

  /** Resolves when no create is under way, also of callers that have left. */
  async whenIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #counted(asked: IdempotentCreate): Promise<IdempotentResponse> {
    const departure = new ClientDisconnect(asked.request.signal);
    try {
      const answer = await this.#untilKnown(await this.#begun(asked, departure));
      this.metrics.created(answer.how);
      return answer;
    } catch (error) {
      this.metrics.created(outcomeOf(error, departure.isIgnored));
      throw error;
    } finally {
      departure.close();
    }
  }

  async #begun(asked: IdempotentCreate, departure: ClientDisconnect): Promise<RunningCreate> {
    const { business, customer, idempotencyKey, request } = asked;
    const state = await this.opening.state().catch((cause: unknown) => {
      throw cannotRemember(cause);
    });
    const { secret } = state;
    const owner = { caller: request.caller, business, operation: 'createCustomer' };
    const key = secret.key(owner, idempotencyKey);
    // The type that a body may name is every customer's.
    const { '@odata.type': _, ...said } = customer;
    const content = secret.content(business, canonicalJson(said));
    return {
      ...{ ...asked, request: { ...request, keyDigest: key, signal: departure.signal } },
      ...{ state, key, content, departure },
    };
  }

  /** Claims the key, and again after an attempt whose end nobody knows, as long as time allows. */
  async #untilKnown(create: RunningCreate): Promise<IdempotentResponse> {
    let lost: Error | undefined;
    for (;;) {
      const claim = await this.#claim(create).catch((cause: unknown) => {
        // What this request has begun is no less unknown.
        throw lost ?? cannotRemember(cause);
      });
      if (claim.kind === 'replay') return this.#replayed(create, claim.answer);
      // Somebody else goes on with what this request has begun.
      if (claim.kind === 'running') throw lost ?? keyInUse();
      if (claim.kind !== 'claimed') throw keyReused();
      const end = await this.#underClaim(create, claim);
      if (end.kind === 'answered') return end.answer;
      lost = end.error;
      const now = performance.now();
      const mayLook = this.settlement.leavesTime(now, create.request);
      if (!mayLook || create.departure.isGone) throw lost;
    }
  }

  #claim({ state, key, content, request }: RunningCreate): Promise<KeyOutcome> {
    const event = { kind: 'claim', content, leaseMs: leaseMs(request.deadlineAtMs) } as const;
    return state.store.apply(key, event);
  }

  async #replayed(create: RunningCreate, sealed: Uint8Array): Promise<IdempotentResponse> {
    const { state, key, idempotencyKey, business, request } = create;
    const answer = readAnswer(state.secret.open(key, idempotencyKey, sealed));
    await this.audit.replayed(business, request, answer.id);
    return { ...answer, how: 'replayed' };
  }

  async #underClaim(create: RunningCreate, claim: Claim): Promise<AttemptEnd> {
    const claimedAtMs = performance.now();
    const { fence, look, tookOver } = claim;
    if (tookOver) this.metrics.tookOver();
    const claimed = new LeasedKey(create.state.store, create.key, fence);
    if (!look) return this.attempts.send(create, claimed, false);
    try {
      const settled = await this.#look(create, look, claimedAtMs);
      if (settled.kind === 'found') return await this.attempts.adopt(create, claimed, settled);
      if (settled.kind === 'none' && this.attempts.fits(create.request)) {
        return await this.attempts.send(create, claimed, true);
      }
      throw unsettled(settled);
    } catch (error) {
      // Whatever it was: what the key was is what it stays.
      await claimed.abandon();
      throw error;
    }
  }

  async #look(create: RunningCreate, look: Look, claimedAtMs: number): Promise<Reconciliation> {
    const settled = await this.settlement.settle({ ...create, look, claimedAtMs });
    if (settled.kind === 'too-early') return settled;
    this.metrics.lookedUp(settled.kind);
    const id = settled.kind === 'found' ? settled.id : undefined;
    await this.audit.lookedUp(create.business, create.request, settled.kind, id);
    return settled;
  }
}

function unsettled(settled: Reconciliation): GraphError {
  if (settled.kind === 'too-early') return stillUnknown({ inMs: settled.inMs });
  return settled.kind === 'failed' ? stillUnknown({ cause: settled.cause }) : stillUnknown();
}

/** As metrics count it. */
function outcomeOf(error: unknown, isSent: boolean): IdempotentOutcome {
  if (!(error instanceof GraphError)) return isSent ? 'unknown' : 'not-sent';
  if (error.code === 'IdempotencyKeyInUse') return 'in-use';
  if (error.code === 'IdempotencyKeyReused') return 'reused';
  return error.outcome ?? (error.status < 500 ? 'refused' : 'unknown');
}
