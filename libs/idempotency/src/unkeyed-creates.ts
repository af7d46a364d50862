import { type BookingsGateway, RunningWork } from '@bookings/domain';
import { ClientDisconnect } from './client-disconnect.ts';
import { comparisonsOf } from './comparisons.ts';
import { withDeadline } from './deadline.ts';
import { mayHaveSucceeded } from './errors.ts';
import type { UnkeyedCreate } from './idempotent-create.ts';
import { identify, resemblance } from './identity.ts';
import { Moment } from './moment.ts';
import type { DisplayNames, EnsuredCustomer } from './ports.ts';
import { earlierAttempt } from './repeats.ts';
import type { StoreConnection } from './store-connection.ts';
import { tracedStore } from './traced-store.ts';

/**
 * Creates without an Idempotency-Key that do not say that they are repeats. Each is sent once. The
 * store is used only if the caller does not learn how its create ended, so that a repeat can find out.
 */
export class UnkeyedCreates {
  readonly #work = new RunningWork();
  /** How many creates are in progress, by what a repeat has in common with them. */
  readonly #running = new Map<string, number>();

  constructor(
    private readonly connection: StoreConnection,
    private readonly upstream: BookingsGateway,
    private readonly displayNames: DisplayNames,
  ) {}

  /** @throws GraphError the error of Graph */
  create(create: UnkeyedCreate): Promise<EnsuredCustomer> {
    return this.#work.add(this.#run(create));
  }

  /** Whether a create that `repeat` may repeat is in progress in this process. */
  isRunning(repeat: UnkeyedCreate): boolean {
    return this.#running.has(resemblance(repeat));
  }

  /** Resolves when no create is in progress, including those of disconnected clients. */
  whenIdle(): Promise<void> {
    return this.#work.whenIdle();
  }

  async #run(create: UnkeyedCreate): Promise<EnsuredCustomer> {
    const name = resemblance(create);
    this.#running.set(name, (this.#running.get(name) ?? 0) + 1);
    try {
      return await this.#send(create);
    } finally {
      const others = (this.#running.get(name) ?? 1) - 1;
      if (others > 0) this.#running.set(name, others);
      else this.#running.delete(name);
    }
  }

  async #send(create: UnkeyedCreate): Promise<EnsuredCustomer> {
    const { business, customer } = create;
    const disconnect = new ClientDisconnect(create.request.signal);
    const request = { ...create.request, signal: disconnect.signal };
    let began = new Moment();
    const beforeAttempt = () => {
      if (!disconnect.hasSent) began = new Moment();
      disconnect.markSent();
      return Promise.resolve();
    };
    try {
      const attempt = { ...request, beforeAttempt };
      const created = await this.upstream.createCustomer(business, customer, attempt);
      const ensured = await this.displayNames.ensure(business, customer, created, request);
      if (disconnect.isDisconnected) await this.#recordLoss(create, began);
      return ensured;
    } catch (error) {
      if (mayHaveSucceeded(error, disconnect.hasSent)) await this.#recordLoss(create, began);
      throw error;
    } finally {
      disconnect.close();
    }
  }

  /** Never rejects: without a record, a repeat assumes more about the attempt before it. */
  async #recordLoss(create: UnkeyedCreate, began: Moment): Promise<void> {
    try {
      const { deadlineAtMs } = create.request;
      const opening = this.connection.connect();
      const open = await withDeadline(opening, deadlineAtMs, 'the store was open');
      const { store, secret } = tracedStore(open, create.request);
      const identity = identify({ ...create, idempotencyKey: undefined }, secret);
      const { key, fingerprint } = identity;
      const comparisons = comparisonsOf(identity, create.business, create.customer, secret);
      const { replayForMs } = earlierAttempt(create, 0);
      const beganAgoMs = Math.ceil(began.mostAgoMs());
      await store.apply(key, {
        kind: 'lost',
        fingerprint,
        comparisons,
        beganAgoMs,
        replayForMs,
      });
    } catch {
      // The store cannot be used.
    }
  }
}
