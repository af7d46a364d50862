import { customerOf } from '../decide.ts';
import { IdempotencyStore, type StoreFigures, type UnknownKey } from '../store.ts';
import {
  expired,
  isHeld,
  type KeyEvent,
  type KeyOutcome,
  type KeyRecord,
  transition,
} from '../transition.ts';

interface Kept {
  readonly record: KeyRecord;
  readonly changedAtMs: number;
}

/**
 * The store as a map: what every other one is held against. It forgets everything with the process,
 * so it is for tests alone.
 */
export class MemoryStore extends IdempotencyStore {
  readonly #kept = new Map<string, Kept>();
  readonly #nowMs: () => number;
  /** Why every method rejects; for tests of what happens then. */
  failing: Error | undefined;

  /** @param nowMs the store's clock */
  constructor(nowMs: () => number = Date.now) {
    super();
    this.#nowMs = nowMs;
  }

  /** What is remembered of a key. */
  record(key: string): KeyRecord | undefined {
    return this.#kept.get(key)?.record;
  }

  override async apply(key: string, event: KeyEvent): Promise<KeyOutcome> {
    await this.#reach();
    const nowMs = this.#nowMs();
    const duplicates = event.kind === 'claim' ? this.#unsettled(key, event.content, nowMs) : 0;
    const { record, outcome } = transition(this.record(key), event, nowMs, duplicates);
    if (outcome.kind === 'claimed') {
      const duplicate = this.#other(key, (other) => isHeld(other) && other.content === record?.content);
      const leftMs = duplicate ? duplicate.record.leaseUntilMs - nowMs : 0;
      if (leftMs > 0) return { kind: 'running', leftMs };
      if (duplicate) this.#keep(duplicate.key, expired(duplicate.record), nowMs);
    }
    const customer = customerOf(event);
    if (
      record &&
      customer !== undefined &&
      this.#other(key, (other) => other.customer === customer)
    ) {
      return { kind: 'owned' };
    }
    if (record) this.#keep(key, record, nowMs);
    return outcome;
  }

  override async owned(customers: readonly string[]): Promise<readonly string[]> {
    await this.#reach();
    const kept = [...this.#kept.values()].flatMap(({ record }) => record.customer ?? []);
    return kept.filter((customer) => customers.includes(customer));
  }

  override async purge(retentionMs: number, limit: number): Promise<number> {
    await this.#reach();
    const nowMs = this.#nowMs();
    const old = [...this.#kept].filter(([, { record, changedAtMs }]) => {
      const ageMs = nowMs - changedAtMs;
      if (record.state === 'done' || record.state === 'free') return ageMs >= retentionMs;
      return ageMs >= 10 * retentionMs && !(isHeld(record) && record.leaseUntilMs > nowMs);
    });
    for (const [key] of old.slice(0, limit)) this.#kept.delete(key);
    return Math.min(old.length, limit);
  }

  override async figures(): Promise<StoreFigures> {
    return { unknown: (await this.unknownKeys(Infinity)).length };
  }

  override async unknownKeys(limit: number): Promise<readonly UnknownKey[]> {
    await this.#reach();
    const nowMs = this.#nowMs();
    return [...this.#kept]
      .filter(([, { record }]) =>
        isHeld(record)
          ? record.leaseUntilMs <= nowMs && expired(record).state === 'unknown'
          : record.state === 'unknown',
      )
      .map(([key, { record }]) => ({
        key,
        sentAtMs: record.sentAtMs ?? record.leaseUntilMs,
        isResolved: record.customer !== undefined,
      }))
      .slice(0, limit);
  }

  override async unavailable(): Promise<string | undefined> {
    await Promise.resolve();
    return this.failing?.message;
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }

  /** Other keys of the content that are unknown, or are so once their lease has run out. */
  #unsettled(key: string, content: string, nowMs: number): number {
    const others = [...this.#kept].filter(
      ([name, { record }]) =>
        name !== key && record.content === content && record.customer === undefined,
    );
    return others.filter(([, { record }]) => {
      const lapsed = isHeld(record) && record.leaseUntilMs <= nowMs;
      return (lapsed ? expired(record) : record).state === 'unknown';
    }).length;
  }

  #other(key: string, is: (record: KeyRecord) => boolean) {
    const [found] = [...this.#kept].filter(([name, { record }]) => name !== key && is(record));
    return found && { key: found[0], record: found[1].record };
  }

  #keep(key: string, record: KeyRecord, changedAtMs: number): void {
    this.#kept.set(key, { record, changedAtMs });
  }

  async #reach(): Promise<void> {
    await Promise.resolve();
    if (this.failing) throw this.failing;
  }
}
