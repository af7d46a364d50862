import { type ApiResponse, isObject, parseJson, invalidResponse } from './api-response.ts';
import { type CustomerProperty, type SelectedCustomer, isCustomer } from './booking-customer.ts';

/** A page of the customers of a business. */
export interface CustomerPage<P extends CustomerProperty = CustomerProperty> {
  readonly customers: readonly SelectedCustomer<P>[];
  /** Address of the next page at the proxy; undefined on the last one. */
  readonly nextLink?: string;
}

/** @throws BookingsApiError if the response is not a page of customers */
export function pageIn(response: ApiResponse): CustomerPage {
  const page = parseJson(response.text);
  const { value, '@odata.nextLink': nextLink } = isObject(page) ? page : {};
  if (!Array.isArray(value) || !value.every(isCustomer)) {
    throw invalidResponse(response, 'a list of booking customers');
  }
  return { customers: value, ...(typeof nextLink === 'string' && { nextLink }) };
}

/**
 * @param root the address of all booking businesses at the proxy
 * @throws TypeError if `nextLink` is not below `root`
 */
export function readNextLink(nextLink: string, root: string): string {
  const link = URL.canParse(nextLink) ? new URL(nextLink) : undefined;
  const own = new URL(root);
  const isOwn =
    link?.origin === own.origin &&
    link.username === '' &&
    link.password === '' &&
    link.pathname.startsWith(own.pathname);
  if (!isOwn) {
    throw new TypeError(
      'nextLink does not lead to baseUrl, so that no token is sent there: is PUBLIC_BASE_URL of the proxy the address that this client uses?',
    );
  }
  return link.href;
}
