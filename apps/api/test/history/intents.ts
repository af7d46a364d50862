import { Random } from './random.ts';

/** A customer that one caller wants to create exactly once. */
export interface Intent {
  /** Position among all intents. */
  readonly index: number;
  /** Number of the caller. Keys of different callers are independent. */
  readonly caller: number;
  readonly idempotencyKey: string;
  readonly business: string;
  /** The e-mail address. Only intents for identical customers share it. */
  readonly fingerprint: string;
  readonly customer: Readonly<Record<'@odata.type' | 'displayName' | 'emailAddress', string>>;
}

export const CALLERS = 8;
/** Limits on customers and businesses in use keep the lists short. */
const BUSINESSES_IN_USE = 12;
const CUSTOMERS_PER_BUSINESS = 100;
/** Maximum distance between identical intents. They overlap, or one follows the other. */
const MAX_DISTANCE = 150;

/**
 * Generates intents.
 *
 * @param options.areEqual one customer in five is wanted two or three times. Otherwise none is: after
 *   a restore, a new key can get the customer of a lost one.
 */
export function intentsOf(
  seed: number,
  count: number,
  { areEqual = true } = {},
): readonly Intent[] {
  const random = new Random(seed);
  const intents: Omit<Intent, 'index'>[] = [];
  while (intents.length < count) {
    const round = Math.floor(intents.length / (BUSINESSES_IN_USE * CUSTOMERS_PER_BUSINESS));
    const number = round * BUSINESSES_IN_USE + random.below(BUSINESSES_IN_USE);
    const emailAddress = `${random.hex()}@contoso.com`;
    const customer = {
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName: `Customer ${random.hex()}`,
      emailAddress,
    };
    const business = `business-${number}@contoso.com`;
    const one = { business, fingerprint: emailAddress, customer };
    const all = callersOf(`key-${random.hex()}`, random);
    const callers = areEqual ? all : all.slice(0, 1);
    for (const each of callers.slice(0, count - intents.length)) intents.push({ ...one, ...each });
  }
  return shuffled(intents, random).map((each, index) => ({ index, ...each }));
}

/** Chooses the callers of one customer. Different callers often use the same key. */
function callersOf(key: string, random: Random): Pick<Intent, 'caller' | 'idempotencyKey'>[] {
  const count = random.chance(0.2) ? 2 + random.below(2) : 1;
  const first = random.below(CALLERS);
  return Array.from({ length: count }, (_none, index) => ({
    caller: (first + index) % CALLERS,
    idempotencyKey: random.chance(0.5) ? key : `key-${random.hex()}`,
  }));
}

/** Swaps half of the items with an item that follows within `MAX_DISTANCE`. */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const moved = [...items];
  for (let index = 0; index < moved.length; index += 1) {
    if (random.chance(0.5)) continue;
    const other = Math.min(moved.length - 1, index + random.below(MAX_DISTANCE));
    const [here, there] = [moved[index], moved[other]];
    if (here === undefined || there === undefined) continue;
    moved[index] = there;
    moved[other] = here;
  }
  return moved;
}
