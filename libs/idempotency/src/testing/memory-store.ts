import { customerOf } from '../store-transition.ts';
import { activeGuard, guardedForMs, type GuardRequest, guardToStore } from '../guard.ts';
import { afterExpiry, hasExpired, kept } from '../lease.ts';
import {
  type ForgottenSecret,
  IdempotencyStore,
  type StoreStatistics,
  type UnknownKey,
} from '../store.ts';
import { unknownKeyOf } from '../stores/stored-record.ts';
import { type StoreTime, withinClock } from '../store-time.ts';
import {
  type Change,
  isDamaged,
  isHeld,
  type KeyEvent,
  type KeyOutcome,
  type KeyRecord,
  transition,
} from '../transition.ts';
import { MemoryData } from './memory-data.ts';

/** An in-memory store for tests, and the reference for the other stores. */
export class MemoryStore extends IdempotencyStore {
  override readonly dataKey = 'the data key of the tests';
  #closed = false;
  /** When set, every method rejects with this error. */
  failing: Error | undefined;

  constructor(private readonly data = new MemoryData()) {
    super();
  }

  record(key: string): KeyRecord | undefined {
    return this.data.records.get(key);
  }

  override async apply(key: string, event: KeyEvent): Promise<KeyOutcome> {
    await this.#ready();
    const { time } = this.data;
    const unknownDuplicates =
      event.kind === 'acquire' ? this.#unknownDuplicates(key, event.fingerprint, time) : 0;
    const nextFence = this.data.lastFence + 1;
    const guard = activeGuard(this.data.guard, time.nowMs);
    const context = { time, unknownDuplicates, nextFence, guard };
    const { change, outcome } = transition(this.record(key), event, context);
    if (event.kind === 'acquire' && outcome.kind === 'acquired') {
      const duplicate = this.#findOther(
        key,
        (other) => isHeld(other) && other.fingerprint === event.fingerprint,
      );
      const rival = duplicate && withinClock(duplicate.record, time);
      if (duplicate && rival && (event.heldHere || !hasExpired(rival, time.nowMs))) {
        this.#put(duplicate.key, rival);
        return { kind: 'in-progress', leftMs: Math.max(0, rival.leaseUntilMs - time.nowMs) };
      }
      if (duplicate && rival) {
        this.#put(duplicate.key, kept({ ...afterExpiry(rival), changedAtMs: time.nowMs }));
      }
      this.data.lastFence = outcome.fence;
    }
    const customer = customerOf(event);
    if (
      change &&
      customer !== undefined &&
      this.#findOther(key, (other) => other.customer === customer)
    ) {
      return { kind: 'owned-by-another' };
    }
    if (change) this.#put(key, change);
    return outcome;
  }

  override async owned(customers: readonly string[]): Promise<readonly string[]> {
    await this.#ready();
    const owned = [...this.data.records.values()].flatMap(({ customer }) => customer ?? []);
    return owned.filter((customer) => customers.includes(customer));
  }

  override async purge(retentionMs: number, limit: number): Promise<number> {
    await this.#ready();
    const { nowMs, evenSinceMs } = this.data.time;
    const isOld = (changedAtMs: number, ageMs: number) =>
      nowMs - Math.max(changedAtMs, evenSinceMs) >= ageMs;
    const old = [...this.data.records]
      .filter(([, record]) => {
        const { state, changedAtMs } = record;
        if (state === 'done' || state === 'free')
          return isOld(changedAtMs, retentionMs) && !this.#isAwaited(record);
        return (
          isOld(changedAtMs, 10 * retentionMs) && !(isHeld(record) && !hasExpired(record, nowMs))
        );
      })
      .sort(byChange);
    for (const [key] of old.slice(0, limit)) this.data.records.delete(key);
    return Math.min(old.length, limit);
  }

  /** Whether another create of the same content has no outcome. */
  #isAwaited({ fingerprint }: KeyRecord): boolean {
    return [...this.data.records.values()].some(
      (other) => other.fingerprint === fingerprint && (isHeld(other) || other.state === 'unknown'),
    );
  }

  override async statistics(): Promise<StoreStatistics> {
    const unknown = (await this.unknownKeys(Infinity)).length;
    return { unknown, guardedForMs: guardedForMs(this.data.guard, this.data.time.nowMs) };
  }

  override async unknownKeys(limit: number, only?: string): Promise<readonly UnknownKey[]> {
    await this.#ready();
    const { time } = this.data;
    return [...this.data.records]
      .filter(([key]) => only === undefined || key === only)
      .filter(([, record]) => isDamaged(record) || stateAt(record, time) === 'unknown')
      .sort(byChange)
      .map(([key, record]) => unknownKeyOf(key, record, time))
      .slice(0, limit);
  }

  override async age(): Promise<number | undefined> {
    await this.#ready();
    const changes = [...this.data.records.values()].map(({ changedAtMs }) => changedAtMs);
    return changes.length === 0 ? undefined : this.data.time.nowMs - Math.max(...changes);
  }

  override async known(keys: readonly string[]): Promise<readonly string[]> {
    await this.#ready();
    return keys.filter((key) => this.data.records.has(key));
  }

  override async guard(request: GuardRequest): Promise<void> {
    await this.#ready();
    this.data.guard = guardToStore(this.data.guard, request, this.data.time.nowMs);
  }

  override async forgetSecret(): Promise<ForgottenSecret> {
    await this.#ready();
    return { was: 'unknown', othersOpen: false };
  }

  override async close(): Promise<void> {
    this.#closed = true;
    await Promise.resolve();
  }

  #unknownDuplicates(key: string, fingerprint: string, time: StoreTime): number {
    return [...this.data.records].filter(
      ([other, record]) =>
        other !== key &&
        record.fingerprint === fingerprint &&
        record.customer === undefined &&
        stateAt(record, time) === 'unknown',
    ).length;
  }

  #findOther(key: string, matches: (record: KeyRecord) => boolean) {
    const found = [...this.data.records].find(
      ([other, record]) => other !== key && matches(record),
    );
    return found && { key: found[0], record: found[1] };
  }

  #put(key: string, change: Change): void {
    if (change === 'deleted') this.data.records.delete(key);
    else this.data.records.set(key, change);
  }

  async #ready(): Promise<void> {
    if (this.#closed) throw new Error('the store has been closed');
    await Promise.resolve();
    if (this.failing) throw this.failing;
  }
}

function byChange([, one]: [string, KeyRecord], [, other]: [string, KeyRecord]): number {
  return one.changedAtMs - other.changedAtMs;
}

function stateAt(record: KeyRecord, time: StoreTime): KeyRecord['state'] {
  const allowed = withinClock(record, time);
  const lapsed = isHeld(allowed) && hasExpired(allowed, time.nowMs);
  return lapsed ? afterExpiry(allowed).state : allowed.state;
}
