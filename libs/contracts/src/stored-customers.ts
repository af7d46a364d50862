import type { StateValues } from './checked-states.ts';

const TIMEOUT_MS = 10_000;

/** Where to create the customers of a provider state: at Graph or at the fake. */
export interface CustomersAt {
  readonly url: string;
  readonly token: string;
}

/** @returns the id @throws Error if the customer was not created */
export async function storeCustomer({ url, token }: CustomersAt, customer: object) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(customer),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const id = response.status === 201 ? member(await response.json(), 'id') : undefined;
  if (typeof id === 'string') return id;
  throw new Error(`The customer of a state was not created: ${response.status}.`);
}

/** The values of a customer for a path. */
export function customerValues(id: string): StateValues {
  return { customerId: encodeURIComponent(id) };
}

/** The values of a second page: the token in Graph's link after a page of one customer. */
export async function pageValues({ url, token }: CustomersAt): Promise<StateValues> {
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const page: unknown = await (await fetch(`${url}?$top=1`, { headers, signal })).json();
  const link = member(page, '@odata.nextLink');
  const skipToken = typeof link === 'string' ? new URL(link).searchParams.get('$skiptoken') : null;
  if (skipToken !== null) return { skipToken };
  throw new Error('The first page has no link with $skiptoken.');
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
