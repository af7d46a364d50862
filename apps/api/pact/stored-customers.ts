import { customerValues, pageValues, type StateValues, storeCustomer } from '@bookings/contracts';
import type { GraphFake } from '@bookings/graph-fake';
import { relativePath } from '../test/documented.ts';

/** The customers of the business, all equal. */
export interface StoredCustomers {
  readonly customer: object;
  readonly count: number;
  /** What the last id must have. */
  readonly id?: readonly RegExp[];
}

/** Creates customers at the fake of Graph. @returns their values for the pact */
export async function storeCustomers(
  fake: GraphFake,
  { customer, count, id: expected = [] }: StoredCustomers,
): Promise<StateValues> {
  const at = { url: `${fake.graphUrl}${relativePath()}`, token: await fake.issueGraphToken() };
  let id = '';
  for (let each = 0; each < count; each += 1) id = await storeCustomer(at, customer);
  // Graph chooses ids at random.
  while (!expected.every((pattern) => pattern.test(id))) id = await storeCustomer(at, customer);
  return { ...customerValues(id), ...(count > 1 && (await pageValues(at))) };
}
