import type { StoredCustomer } from './customer-store.ts';

/** A customer on the wire; the schema's two times, which no page's example shows, come last. */
export function customerEntity(customer: StoredCustomer): Record<string, unknown> {
  return {
    '@odata.type': '#microsoft.graph.bookingCustomer',
    id: customer.id,
    displayName: customer.displayName,
    emailAddress: customer.emailAddress,
    addresses: customer.addresses,
    phones: customer.phones,
    createdDateTime: customer.createdDateTime,
    lastUpdatedDateTime: customer.lastUpdatedDateTime,
  };
}

/** A customer that is the whole answer: `@odata.context` stands where the pages have it. */
export function singleCustomer(
  graphUrl: string,
  business: string,
  customer: StoredCustomer,
): Record<string, unknown> {
  const { '@odata.type': type, ...members } = customerEntity(customer);
  return {
    '@odata.type': type,
    '@odata.context': `${customersContext(graphUrl, business)}/$entity`,
    ...members,
  };
}

/** As v1.0's pages write it, with the key percent-encoded within OData's quotes. */
export function customersContext(graphUrl: string, business: string): string {
  const key = encodeURIComponent(business).replaceAll("'", "''");
  return `${graphUrl}/solutions/$metadata#bookingBusinesses('${key}')/customers`;
}
