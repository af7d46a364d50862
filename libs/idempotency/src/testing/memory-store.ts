import { customerOf } from '../decide.ts';
import { IdempotencyStore, type StoreStatistics, type UnknownKey } from '../store.ts';
import {
  afterExpiry,
  isHeld,
  type KeyEvent,
  type KeyOutcome,
  type KeyRecord,
  transition,
} from '../transition.ts';

export interface MemoryEntry {
  readonly record: KeyRecord;
  readonly changedAtMs: number;
}

/** An in-memory store for tests, and the reference for the other stores. */
export class MemoryStore extends IdempotencyStore {
  override readonly dataKey = 'the data key of the tests';
  readonly #nowMs: () => number;
  readonly #entries: Map<string, MemoryEntry>;
  #closed = false;
  /** When set, every method rejects with this error. */
  failing: Error | undefined;

  /**
   * @param nowMs the store's clock
   * @param entries the data; several stores may share it
   */
  constructor(nowMs: () => number = Date.now, entries = new Map<string, MemoryEntry>()) {
    super();
    this.#nowMs = nowMs;
    this.#entries = entries;
  }

  record(key: string): KeyRecord | undefined {
    return this.#entries.get(key)?.record;
  }

  override async apply(key: string, event: KeyEvent): Promise<KeyOutcome> {
    await this.#ready();
    const nowMs = this.#nowMs();
    const duplicates =
      event.kind === 'acquire' ? this.#unknownDuplicates(key, event.fingerprint, nowMs) : 0;
    const { record, outcome } = transition(this.record(key), event, nowMs, duplicates);
    if (outcome.kind === 'acquired') {
      const duplicate = this.#findOther(
        key,
        (other) => isHeld(other) && other.fingerprint === record?.fingerprint,
      );
      const leftMs = duplicate ? duplicate.record.leaseUntilMs - nowMs : 0;
      if (leftMs > 0) return { kind: 'in-progress', leftMs };
      if (duplicate) this.#put(duplicate.key, afterExpiry(duplicate.record), nowMs);
    }
    const customer = customerOf(event);
    if (
      record &&
      customer !== undefined &&
      this.#findOther(key, (other) => other.customer === customer)
    ) {
      return { kind: 'owned-by-another' };
    }
    if (record) this.#put(key, record, nowMs);
    return outcome;
  }

  override async owned(customers: readonly string[]): Promise<readonly string[]> {
    await this.#ready();
    const owned = [...this.#entries.values()].flatMap(({ record }) => record.customer ?? []);
    return owned.filter((customer) => customers.includes(customer));
  }

  override async purge(retentionMs: number, limit: number): Promise<number> {
    await this.#ready();
    const nowMs = this.#nowMs();
    const old = [...this.#entries]
      .filter(([, { record, changedAtMs }]) => {
        const ageMs = nowMs - changedAtMs;
        if (record.state === 'done' || record.state === 'free') return ageMs >= retentionMs;
        return ageMs >= 10 * retentionMs && !(isHeld(record) && record.leaseUntilMs > nowMs);
      })
      .sort(([, one], [, other]) => one.changedAtMs - other.changedAtMs);
    for (const [key] of old.slice(0, limit)) this.#entries.delete(key);
    return Math.min(old.length, limit);
  }

  override async statistics(): Promise<StoreStatistics> {
    return { unknown: (await this.unknownKeys(Infinity)).length };
  }

  override async unknownKeys(limit: number): Promise<readonly UnknownKey[]> {
    await this.#ready();
    const nowMs = this.#nowMs();
    return [...this.#entries]
      .filter(([, { record }]) => stateAt(record, nowMs) === 'unknown')
      .sort(([, one], [, other]) => one.changedAtMs - other.changedAtMs)
      .map(([key, { record }]) => ({
        key,
        sentAtMs: record.sentAtMs ?? record.leaseUntilMs,
        isResolved: record.customer !== undefined,
      }))
      .slice(0, limit);
  }

  override async unavailable(): Promise<string | undefined> {
    return this.#ready().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  override async forgetPreviousSecret(): Promise<boolean> {
    await this.#ready();
    return false;
  }

  override async close(): Promise<void> {
    this.#closed = true;
    await Promise.resolve();
  }

  #unknownDuplicates(key: string, fingerprint: string, nowMs: number): number {
    return [...this.#entries].filter(
      ([other, { record }]) =>
        other !== key &&
        record.fingerprint === fingerprint &&
        record.customer === undefined &&
        stateAt(record, nowMs) === 'unknown',
    ).length;
  }

  #findOther(key: string, matches: (record: KeyRecord) => boolean) {
    const found = [...this.#entries].find(
      ([other, { record }]) => other !== key && matches(record),
    );
    return found && { key: found[0], record: found[1].record };
  }

  #put(key: string, record: KeyRecord, changedAtMs: number): void {
    this.#entries.set(key, { record, changedAtMs });
  }

  async #ready(): Promise<void> {
    if (this.#closed) throw new Error('the store has been closed');
    await Promise.resolve();
    if (this.failing) throw this.failing;
  }
}

function stateAt(record: KeyRecord, nowMs: number): KeyRecord['state'] {
  const lapsed = isHeld(record) && record.leaseUntilMs <= nowMs;
  return lapsed ? afterExpiry(record).state : record.state;
}
