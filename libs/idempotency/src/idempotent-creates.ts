import { performance } from 'node:perf_hooks';
import { GraphError } from '@bookings/domain';
import { canonicalJson } from './canonical-json.ts';
import { ClientDisconnect } from './client-disconnect.ts';
import { keyInUse, keyReused, outcomeUnknown, storeUnavailable } from './errors.ts';
import type { AttemptResult, IdempotentAttempts } from './idempotent-attempts.ts';
import type { IdempotentCreate, IdempotentResponse, RunningCreate } from './idempotent-create.ts';
import { LeasedKey, leaseMs } from './leased-key.ts';
import type { IdempotencyAudit, IdempotencyMetrics, IdempotentOutcome } from './ports.ts';
import type { Reconciler, Reconciliation } from './reconciler.ts';
import { deserializeResponse } from './response-codec.ts';
import type { StoreConnection } from './store-connection.ts';
import type { KeyOutcome, PendingLookup } from './transition.ts';

type Acquired = Extract<KeyOutcome, { kind: 'acquired' }>;

/** Creates each customer once per Idempotency-Key. The protocol is in `transition.ts`. */
export class IdempotentCreates {
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    private readonly connection: StoreConnection,
    private readonly attempts: IdempotentAttempts,
    private readonly reconciler: Reconciler,
    private readonly audit: IdempotencyAudit,
    private readonly metrics: IdempotencyMetrics,
  ) {}

  /** @throws GraphError 409, 422, 503 or 504 of this library, or the error of Graph */
  create(create: IdempotentCreate): Promise<IdempotentResponse> {
    const running = this.#createWithMetrics(create);
    this.#running.add(running);
    const remove = () => this.#running.delete(running);
    running.then(remove, remove);
    return running;
  }

  /** Resolves when no create is in progress, including those of disconnected clients. */
  async whenIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
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
    const { business, customer, idempotencyKey, request } = create;
    const { store, secret } = await this.connection.connect().catch((cause: unknown) => {
      throw storeUnavailable(cause);
    });
    const owner = { caller: request.caller, business, operation: 'createCustomer' };
    const key = secret.keyDigest(owner, idempotencyKey);
    // Every customer has the same type, so a body that names it is the same body.
    const { '@odata.type': _, ...properties } = customer;
    const fingerprint = secret.fingerprint(business, canonicalJson(properties));
    return {
      ...create,
      request: { ...request, keyDigest: key, signal: disconnect.signal },
      store,
      secret,
      key,
      fingerprint,
      disconnect,
    };
  }

  /** Repeats after an unknown outcome as long as the deadline leaves time for a lookup. */
  async #run(create: RunningCreate): Promise<IdempotentResponse> {
    let unknown: Error | undefined;
    for (;;) {
      const acquired = await this.#acquire(create).catch((cause: unknown) => {
        throw unknown ?? storeUnavailable(cause);
      });
      if (acquired.kind === 'replay') return this.#replay(create, acquired.response);
      if (acquired.kind === 'in-progress') throw unknown ?? keyInUse();
      if (acquired.kind !== 'acquired') throw keyReused();
      const result = await this.#runWithLease(create, acquired);
      if (result.kind === 'succeeded') return result.response;
      unknown = result.error;
      const mayLookUp = this.reconciler.leavesTime(performance.now(), create.request);
      if (!mayLookUp || create.disconnect.isDisconnected) throw unknown;
    }
  }

  #acquire({ store, key, fingerprint, request }: RunningCreate): Promise<KeyOutcome> {
    const duration = leaseMs(request.deadlineAtMs);
    return store.apply(key, { kind: 'acquire', fingerprint, leaseMs: duration });
  }

  async #replay(create: RunningCreate, sealed: Uint8Array): Promise<IdempotentResponse> {
    const { secret, key, idempotencyKey, business, request } = create;
    const response = deserializeResponse(secret.open(key, idempotencyKey, sealed));
    await this.audit.replayed(business, request, response.id);
    return { ...response, outcome: 'replayed' };
  }

  async #runWithLease(create: RunningCreate, acquired: Acquired): Promise<AttemptResult> {
    const acquiredAtMs = performance.now();
    const { fence, lookup, tookOver } = acquired;
    if (tookOver) this.metrics.tookOver();
    const lease = new LeasedKey(create.store, create.key, fence);
    if (!lookup) return this.attempts.send(create, lease, false);
    try {
      const reconciled = await this.#reconcile(create, lookup, acquiredAtMs);
      if (reconciled.kind === 'found') return await this.attempts.adopt(create, lease, reconciled);
      if (reconciled.kind === 'none' && this.attempts.fits(create.request)) {
        return await this.attempts.send(create, lease, true);
      }
      throw stillUnknown(reconciled);
    } catch (error) {
      await lease.abandon();
      throw error;
    }
  }

  async #reconcile(
    create: RunningCreate,
    lookup: PendingLookup,
    acquiredAtMs: number,
  ): Promise<Reconciliation> {
    const reconciled = await this.reconciler.reconcile({ ...create, lookup, acquiredAtMs });
    if (reconciled.kind === 'too-early') return reconciled;
    this.metrics.lookedUp(reconciled.kind);
    const id = reconciled.kind === 'found' ? reconciled.id : undefined;
    await this.audit.lookedUp(create.business, create.request, reconciled.kind, id);
    return reconciled;
  }
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
