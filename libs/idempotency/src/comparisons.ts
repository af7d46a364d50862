import type { BookingCustomer } from '@bookings/domain';
import { comparedTexts, type CustomerMatch, matchTexts } from './customer-match.ts';
import type { StoreSecret } from './store-secret.ts';

/** A create as its record names it. */
export interface RecordedCreate {
  readonly key: string;
  readonly fingerprint: string;
  /** Undefined in a record of release 0.2.0 or earlier. */
  readonly comparisons: string | undefined;
}

/**
 * Raise it when the compared texts change: digests of other texts must not count as a difference.
 * `comparisons.spec.ts` fails until then.
 */
const VERSION = '1';
const SEPARATOR = '.';

/**
 * Keyed digests of the business and of what a lookup compares, for lookups without the body. Those of
 * two records have nothing in common, so the store does not show which customers are alike. They
 * hold for one fingerprint: an earlier release may use a record again and leaves them as they are.
 */
export function comparisonsOf(
  { key, fingerprint }: Omit<RecordedCreate, 'comparisons'>,
  business: string,
  customer: BookingCustomer,
  secret: StoreSecret,
): string {
  const digestOf = (text: string) => secret.comparisonDigest(key, fingerprint, business, text);
  const { all, emailAsName, part } = comparedTexts(customer);
  const name = emailAsName === undefined ? '' : digestOf(emailAsName);
  return [VERSION, digestOf(BUSINESS), digestOf(part), digestOf(all), name].join(SEPARATOR);
}

/** Differs from every compared text, which is JSON. */
const BUSINESS = 'business';

/** What the record of a create tells of its business and its customer. */
export class RecordedComparisons {
  private constructor(
    private readonly create: RecordedCreate,
    private readonly digests: Readonly<Record<'business' | 'part' | 'all' | 'emailAsName', string>>,
    private readonly secret: StoreSecret,
  ) {}

  /** @returns undefined when the record has nothing to compare with */
  static of(create: RecordedCreate, secret: StoreSecret): RecordedComparisons | undefined {
    const [version, business, part, all, emailAsName] = create.comparisons?.split(SEPARATOR) ?? [];
    if (version !== VERSION || !business || !part || !all || emailAsName === undefined) {
      return undefined;
    }
    return new RecordedComparisons(create, { business, part, all, emailAsName }, secret);
  }

  isOf(business: string): boolean {
    return this.#digestOf(business, BUSINESS) === this.digests.business;
  }

  /** @param business the one of the create */
  match(business: string, listed: Readonly<Record<string, unknown>>): CustomerMatch {
    return matchTexts(this.digests, listed, (text) => this.#digestOf(business, text));
  }

  #digestOf(business: string, text: string): string {
    const { key, fingerprint } = this.create;
    return this.secret.comparisonDigest(key, fingerprint, business, text);
  }
}
