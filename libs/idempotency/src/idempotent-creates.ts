import { performance } from 'node:perf_hooks';
import { GraphError, RunningWork } from '@bookings/domain';
import { ClientDisconnect } from './client-disconnect.ts';
import { comparisonsOf } from './comparisons.ts';
import { withDeadline } from './deadline.ts';
import { keyInUse, keyReused, outcomeUnknown, storeUnavailable } from './errors.ts';
import type { IdempotentCreate, IdempotentResponse, RunningCreate } from './idempotent-create.ts';
import { HeldKeys } from './held-keys.ts';
import { identify } from './identity.ts';
import type { AttemptResult, LeasedAttempts } from './leased-attempts.ts';
import { LeasedKey, leaseMs } from './leased-key.ts';
import { Moment } from './moment.ts';
import type {
  IdempotencyAlarm,
  IdempotencyAudit,
  IdempotencyMetrics,
  IdempotentOutcome,
} from './ports.ts';
import type { Reconciler, Reconciliation, UnreconciledCreate } from './reconciler.ts';
import { earlierAttempt } from './repeats.ts';
import { StoredResponses } from './stored-responses.ts';
import type { StoreConnection } from './store-connection.ts';
import { tracedStore } from './traced-store.ts';
import type { KeyOutcome, PendingLookup } from './transition.ts';
import type { UnkeyedCreates } from './unkeyed-creates.ts';

type Acquired = Extract<KeyOutcome, { kind: 'acquired' }> & { readonly askedAt: Moment };

export interface IdempotentCreatesOptions {
  /** How long a create may run. */
  readonly deadlineMs: number;
}

/**
 * Creates each customer once per Idempotency-Key. Repeats without a key get one of their own. The
 * protocol is in `transition.ts`.
 */
export class IdempotentCreates {
  readonly #work = new RunningWork();
  readonly #held = new HeldKeys();
  readonly #responses: StoredResponses;

  constructor(
    private readonly connection: StoreConnection,
    private readonly attempts: LeasedAttempts,
    private readonly reconciler: Reconciler,
    private readonly audit: IdempotencyAudit,
    private readonly metrics: IdempotencyMetrics,
    alarm: IdempotencyAlarm,
    private readonly unkeyed: UnkeyedCreates,
    private readonly options: IdempotentCreatesOptions,
  ) {
    this.#responses = new StoredResponses(audit, alarm);
  }

  /** @throws GraphError 409, 422, 503 or 504 of this library, or the error of Graph */
  create(create: IdempotentCreate): Promise<IdempotentResponse> {
    return this.#work.add(this.#createWithMetrics(create));
  }

  /** Resolves when no create is in progress, including those of disconnected clients. */
  async whenIdle(): Promise<void> {
    await Promise.all([this.#work.whenIdle(), this.unkeyed.whenIdle()]);
  }

  async #createWithMetrics(create: IdempotentCreate): Promise<IdempotentResponse> {
    const disconnect = new ClientDisconnect(create.request.signal);
    try {
      const response = await this.#run(await this.#prepare(create, disconnect));
      this.metrics.created(response.outcome);
      return response;
    } catch (error) {
      this.metrics.created(outcomeOf(error, disconnect.hasSent));
      throw error;
    } finally {
      disconnect.close();
    }
  }

  async #prepare(create: IdempotentCreate, disconnect: ClientDisconnect): Promise<RunningCreate> {
    const { deadlineAtMs } = create.request;
    const opening = withDeadline(this.connection.connect(), deadlineAtMs, 'the store was open');
    const open = await opening.catch((cause: unknown) => {
      throw storeUnavailable(cause);
    });
    if (isRepeat(create) && this.unkeyed.isRunning(create)) throw keyInUse();
    const identity = identify(create, open.secret);
    return {
      ...create,
      ...identity,
      request: { ...create.request, keyDigest: identity.key, signal: disconnect.signal },
      ...tracedStore(open, create.request),
      disconnect,
    };
  }

  /** Repeats after an unknown outcome as long as the deadline leaves time for a lookup. */
  async #run(create: RunningCreate): Promise<IdempotentResponse> {
    let unknown: Error | undefined;
    for (;;) {
      const askedAt = new Moment();
      const acquired = await this.#acquire(create).catch((cause: unknown) => {
        throw unknown ?? storeUnavailable(cause);
      });
      if (acquired.kind === 'replay') {
        return this.#responses.replay(create, acquired.response);
      }
      if (acquired.kind === 'damaged') throw this.#responses.damaged(create);
      if (acquired.kind === 'in-progress') throw unknown ?? keyInUse();
      if (acquired.kind !== 'acquired') throw keyReused();
      const lease = { ...acquired, askedAt };
      const result = await this.#held.during(create, () => this.#runWithLease(create, lease));
      if (result.kind === 'succeeded') return result.response;
      unknown = result.error;
      const mayLookUp = this.reconciler.leavesTime(performance.now(), create.request);
      if (!mayLookUp || create.disconnect.isDisconnected) throw unknown;
    }
  }

  #acquire(create: RunningCreate): Promise<KeyOutcome> {
    const { store, key, fingerprint, request, business, customer, secret } = create;
    const othersMayRunForMs = store.othersMayRunForMs(this.options.deadlineMs);
    return store.apply(key, {
      kind: 'acquire',
      fingerprint,
      leaseMs: leaseMs(request.deadlineAtMs),
      comparisons: comparisonsOf(create, business, customer, secret),
      heldHere: this.#held.has(create),
      ...(isRepeat(create) && { earlier: earlierAttempt(create, othersMayRunForMs) }),
    });
  }

  async #runWithLease(create: RunningCreate, acquired: Acquired): Promise<AttemptResult> {
    const acquiredAt = new Moment();
    const { askedAt, fence, lookup, tookOver } = acquired;
    if (tookOver) this.metrics.tookOver();
    const lease = new LeasedKey(create.store, create.key, fence);
    if (!lookup) return this.attempts.send(create, lease, false);
    try {
      const reconciled = await this.#reconcile(create, lookup, { askedAt, acquiredAt });
      if (reconciled.kind === 'found') return await this.attempts.adopt(create, lease, reconciled);
      if (reconciled.kind === 'none' && this.attempts.fits(create.request)) {
        if (lookup.guarded) lease.noteNothingLost();
        // The attempt before a repeat may have ended with 429: then a refusal is the whole outcome.
        const wasUnknown = !isRepeat(create) && !lookup.guarded;
        return await this.attempts.send(create, lease, wasUnknown);
      }
      throw (isRepeat(create) && throttledBy(reconciled)) || stillUnknown(reconciled);
    } catch (error) {
      await lease.abandon();
      throw error;
    }
  }

  async #reconcile(
    create: RunningCreate,
    lookup: PendingLookup,
    times: Pick<UnreconciledCreate, 'askedAt' | 'acquiredAt'>,
  ): Promise<Reconciliation> {
    const reconciled = await this.reconciler.reconcile({
      ...create,
      ...times,
      lookup,
      isWindowClosed: isRepeat(create),
    });
    if (reconciled.kind === 'too-early') return reconciled;
    this.metrics.lookedUp(reconciled.kind);
    const id = reconciled.kind === 'found' ? reconciled.id : undefined;
    await this.audit.lookedUp(create.business, create.request, reconciled.kind, id);
    return reconciled;
  }
}

function isRepeat({ idempotencyKey }: IdempotentCreate): boolean {
  return idempotencyKey === undefined;
}

/** The 429 that kept the list from being read. The SDKs wait after it, and then repeat. */
function throttledBy(reconciled: Reconciliation): GraphError | undefined {
  const cause = reconciled.kind === 'failed' ? reconciled.cause : undefined;
  return cause instanceof GraphError && cause.status === 429 ? cause : undefined;
}

function stillUnknown(reconciled: Reconciliation): GraphError {
  if (reconciled.kind === 'too-early') return outcomeUnknown({ inMs: reconciled.inMs });
  return reconciled.kind === 'failed'
    ? outcomeUnknown({ cause: reconciled.cause })
    : outcomeUnknown();
}

function outcomeOf(error: unknown, hasSent: boolean): IdempotentOutcome {
  if (!(error instanceof GraphError)) return hasSent ? 'unknown' : 'not-sent';
  if (error.code === 'IdempotencyKeyInUse') return 'in-use';
  if (error.code === 'IdempotencyKeyReused') return 'reused';
  return error.outcome ?? (error.status < 500 ? 'refused' : 'unknown');
}
