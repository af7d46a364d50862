import { STRANGER, type World } from './model.ts';

/** The first promise that the world breaks, if any. True of every world, at rest or not. */
export function brokenPromise(world: World): string | undefined {
  const records = Object.entries(world.records);
  const made = world.customers.filter(({ maker }) => maker !== STRANGER);
  const owners = new Map<string, string>();
  for (const [key, { state, customer }] of records) {
    if (state === 'free' && made.some(({ maker }) => maker === key)) {
      return `${key} is free, and Graph has stored a customer for it`;
    }
    if (state === 'free' && world.requests.some((request) => request.key === key)) {
      return `${key} is free, and Graph has yet to decide about it`;
    }
    if (customer === undefined) continue;
    const owner = owners.get(customer);
    if (owner !== undefined) return `${owner} and ${key} share ${customer}`;
    owners.set(customer, key);
    if (!made.some(({ id }) => id === customer)) return `${key} has a customer of somebody else`;
  }
  // Duplicates may take the customer of one another, as no one can tell them apart; there must not be too many.
  const keys = new Set([...made.map(({ maker }) => maker), ...owners.values()]);
  if (made.length > keys.size) {
    return `${made.length} customers were created for ${[...keys].toSorted().join(' and ')}`;
  }
  return undefined;
}

/** Nobody is at work, and Graph has decided everything. */
export function isAtRest({ processes, requests }: World): boolean {
  return requests.length === 0 && processes.every(({ at }) => at === 'idle');
}
