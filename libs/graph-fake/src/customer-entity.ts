import type { StoredCustomer } from './customer-store.ts';

/** A customer in JSON. */
export function customerEntity(customer: StoredCustomer): Record<string, unknown> {
  return { '@odata.type': '#microsoft.graph.bookingCustomer', ...customer };
}

/** A customer as a response body, with `@odata.context` at the position that the pages show. */
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

/** As the v1.0 pages show it, with the key percent-encoded inside OData's quotes. */
export function customersContext(graphUrl: string, business: string): string {
  const key = encodeURIComponent(business).replaceAll("'", "''");
  return `${graphUrl}/solutions/$metadata#bookingBusinesses('${key}')/customers`;
}
