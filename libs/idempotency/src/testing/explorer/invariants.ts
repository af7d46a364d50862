import { STRANGER, type Model } from './model.ts';

/** The first invariant that the model violates, if any. */
export function violatedInvariant(model: Model): string | undefined {
  const records = Object.entries(model.records);
  const made = model.customers.filter(({ maker }) => maker !== STRANGER);
  const owners = new Map<string, string>();
  const free = records.filter(([, { state }]) => state === 'free').map(([key]) => key);
  // A duplicate may have adopted the customer after a restore.
  const adopted = new Set(records.map(([, { customer }]) => customer));
  for (const key of [...free, ...model.freed]) {
    if (made.some(({ id, maker }) => maker === key && !adopted.has(id))) {
      return `${key} is free, and Graph has stored a customer for it`;
    }
    if (model.requests.some((request) => request.key === key)) {
      return `${key} is free, and Graph has not handled its request yet`;
    }
  }
  for (const [key, { customer }] of records) {
    if (customer === undefined) continue;
    const owner = owners.get(customer);
    if (owner !== undefined) return `${owner} and ${key} share ${customer}`;
    owners.set(customer, key);
    if (!made.some(({ id }) => id === customer)) return `${key} has the customer of another client`;
  }
  // Duplicates are indistinguishable, so only the number of customers is checked.
  const keys = new Set([...made.map(({ maker }) => maker), ...owners.values()]);
  if (made.length > keys.size) {
    return `${made.length} customers were created for ${[...keys].toSorted().join(' and ')}`;
  }
  return undefined;
}

/** Whether all processes are idle and Graph has handled all requests. */
export function isAtRest({ processes, requests, settlement }: Model): boolean {
  return (
    requests.length === 0 && settlement === undefined && processes.every(({ at }) => at === 'idle')
  );
}
