import { Random } from './random.ts';

/** One customer that somebody means to create once. */
export interface Intent {
  /** Its place among all. */
  readonly index: number;
  /** Who asks; keys of different callers have nothing to do with each other. */
  readonly caller: number;
  readonly idempotencyKey: string;
  readonly business: string;
  /** Its e-mail address, which identical duplicates alone share with it. */
  readonly content: string;
  readonly customer: Readonly<Record<'@odata.type' | 'displayName' | 'emailAddress', string>>;
}

export const CALLERS = 8;
/** So many businesses are busy at a time, and each gets so many customers: lists stay short. */
const BUSY = 12;
const CUSTOMERS_EACH = 100;
/** How far behind its duplicate an intent may come: under way together, or when the first is done. */
const FARTHEST_TWIN = 150;

/** What `seed` makes many callers want. Of one customer in five there are two or three. */
export function intentsOf(seed: number, count: number): readonly Intent[] {
  const random = new Random(seed);
  const wanted: Omit<Intent, 'index'>[] = [];
  while (wanted.length < count) {
    const round = Math.floor(wanted.length / (BUSY * CUSTOMERS_EACH));
    const business = `business-${round * BUSY + random.below(BUSY)}@contoso.com`;
    const emailAddress = `${random.hex()}@contoso.com`;
    const customer = {
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName: `Customer ${random.hex()}`,
      emailAddress,
    };
    const one = { business, content: emailAddress, customer };
    const askers = askersOf(`key-${random.hex()}`, random);
    for (const each of askers.slice(0, count - wanted.length)) wanted.push({ ...one, ...each });
  }
  return scattered(wanted, random).map((each, index) => ({ index, ...each }));
}

/** Twins of different callers often have the same key, which is another key in other hands. */
function askersOf(one: string, random: Random): Pick<Intent, 'caller' | 'idempotencyKey'>[] {
  const duplicates = random.chance(0.2) ? 2 + random.below(2) : 1;
  const first = random.below(CALLERS);
  return Array.from({ length: duplicates }, (_none, duplicate) => ({
    caller: (first + duplicate) % CALLERS,
    idempotencyKey: random.chance(0.5) ? one : `key-${random.hex()}`,
  }));
}

/** Half of all change places with one that comes a little later. */
function scattered<T>(items: readonly T[], random: Random): readonly T[] {
  const moved = [...items];
  for (let index = 0; index < moved.length; index += 1) {
    if (random.chance(0.5)) continue;
    const other = Math.min(moved.length - 1, index + random.below(FARTHEST_TWIN));
    const [here, there] = [moved[index], moved[other]];
    if (here === undefined || there === undefined) continue;
    moved[index] = there;
    moved[other] = here;
  }
  return moved;
}
