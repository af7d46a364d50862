import { performance } from 'node:perf_hooks';
import { isObject, parseJson, type UpstreamResponse } from '@bookings/domain';
import { RecordedComparisons } from './comparisons.ts';
import { clockOffsetOf } from './customer-lists.ts';
import type { CustomerMatch } from './customer-match.ts';
import { type CustomerList, findMatch, type LostAttempts } from './lookup.ts';
import { Moment } from './moment.ts';
import { ownedIdsIn } from './owned-ids.ts';
import type { OpenStore } from './store-connection.ts';
import type { UnknownKey } from './store.ts';
import type { KeyOutcome } from './transition.ts';

/** How a customer that an operator names fits a key. */
export interface Fit {
  readonly match: CustomerMatch | 'created-before';
  /** As Graph writes it. */
  readonly id: string;
}

/** What a complete list has brought about. */
export type Settlement =
  /** The list has its customer: the next create with the key returns it. */
  | 'adopted'
  /** The list has no customer that may be its: the key can be used again. */
  | 'freed'
  /** It is not certain whose the customers in the list are. */
  | 'inconclusive'
  /** A request has used the key since it was read. */
  | 'changed';

/** An unknown key, and the means to find its customer without the body of the create. */
export class UnknownKeyLookup {
  /** Undefined when the record has nothing to compare with. */
  readonly comparisons: RecordedComparisons | undefined;

  private constructor(
    readonly unknown: UnknownKey,
    private readonly open: OpenStore,
    private readonly askedAt: Moment,
    private readonly answeredAt: Moment,
  ) {
    this.comparisons = RecordedComparisons.of(unknown, open.secret);
  }

  /**
   * Reads at most `limit` unknown keys, in the order of their attempts.
   *
   * @param key reads this one alone
   */
  static async read(
    open: OpenStore,
    limit: number,
    key?: string,
  ): Promise<readonly UnknownKeyLookup[]> {
    const askedAt = new Moment();
    const keys = await open.store.unknownKeys(limit, key);
    const answeredAt = new Moment();
    return keys
      .toSorted((one, other) => one.sentAtMs - other.sentAtMs)
      .map((unknown) => new UnknownKeyLookup(unknown, open, askedAt, answeredAt));
  }

  /** When the last attempt ended at the latest, in milliseconds of `performance.now()`. */
  get endedAtMs(): number {
    const { nowMs, abandonedAtMs } = this.unknown.lookup;
    return this.answeredAt.elapsedMs - (nowMs - abandonedAtMs);
  }

  /** @param response Graph's, with the customer that an operator names */
  async fit(business: string, { body, date }: UpstreamResponse): Promise<Fit> {
    const customer = parseJson(body);
    const id = isObject(customer) ? customer['id'] : undefined;
    if (!isObject(customer) || typeof id !== 'string') {
      throw new TypeError('the answer of Graph is not a customer');
    }
    const match = this.#match(business)(customer);
    const list = { customers: [customer], clockOffsetMs: clockOffsetOf(date) };
    const found = await this.#find(business, list, Infinity, () => Promise.resolve(new Set()));
    const isBefore = match !== 'none' && found.kind === 'none';
    return { match: isBefore ? 'created-before' : match, id };
  }

  /**
   * Settles the key as the proxy would, or leaves it as it is. No customer is adopted that was made
   * after the settling time, when the caller may have made it in another way.
   *
   * @param list begun after the settling time
   */
  async settle(business: string, list: CustomerList, settleMs: number): Promise<Settlement> {
    const owned = ownedIdsIn(this.open, business);
    const found = await this.#find(business, list, Infinity, owned);
    if (found.kind === 'none') return settled('freed', await this.resolve(undefined));
    const inTime = await this.#find(business, list, this.endedAtMs + settleMs, owned);
    if (found.kind === 'inconclusive' || inTime.kind !== 'found') return 'inconclusive';
    const customer = this.open.secret.customerDigest(business, found.id);
    return settled('adopted', await this.resolve(customer));
  }

  /** @param customer its digest; undefined when none was created */
  resolve(customer: string | undefined): Promise<KeyOutcome> {
    const { key, revision } = this.unknown;
    return this.open.store.apply(key, { kind: 'resolve', customer, revision });
  }

  #find(
    business: string,
    list: CustomerList,
    settledAtMs: number,
    owned: ReturnType<typeof ownedIdsIn>,
  ) {
    const { nowMs, sentAtMs } = this.unknown.lookup;
    const sentAgoMs = nowMs - sentAtMs + this.askedAt.mostAgoMs();
    const attempts: LostAttempts = {
      sentAtMs: performance.now() - sentAgoMs,
      settledAtMs,
      // Duplicates keep the key unknown: the customers may be theirs.
      unknownDuplicates: 0,
    };
    return findMatch(this.#match(business), attempts, list, owned);
  }

  #match(business: string) {
    const { comparisons } = this;
    if (!comparisons) throw new TypeError('the record has nothing to compare with');
    return (customer: Readonly<Record<string, unknown>>) => comparisons.match(business, customer);
  }
}

function settled(settlement: Settlement, { kind }: KeyOutcome): Settlement {
  if (kind === 'updated') return settlement;
  return kind === 'owned-by-another' ? 'inconclusive' : 'changed';
}
