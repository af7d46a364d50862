import { type Answer, isObject, parseJson, unintelligible } from './answer.ts';
import { type CreatedBookingCustomer, isCustomer } from './booking-customer.ts';

/** One page of a business's customers. */
export interface CustomerPage {
  readonly customers: readonly CreatedBookingCustomer[];
  /** Address of the next page at the proxy; undefined on the last one. */
  readonly nextLink?: string;
}

/** @throws BookingsApiError when the answer is no page of customers */
export function pageIn(answer: Answer): CustomerPage {
  const page = parseJson(answer.text);
  const { value, '@odata.nextLink': nextLink } = isObject(page) ? page : {};
  if (!Array.isArray(value) || !value.every(isCustomer)) {
    throw unintelligible(answer, 'a list of booking customers');
  }
  return { customers: value, ...(typeof nextLink === 'string' && { nextLink }) };
}

/**
 * @param root under which all of the proxy's customers lie
 * @throws TypeError when `nextLink` leads elsewhere
 */
export function readNextLink(nextLink: string, root: string): string {
  const link = URL.canParse(nextLink) ? new URL(nextLink) : undefined;
  const own = new URL(root);
  const leads =
    link?.origin === own.origin &&
    link.username === '' &&
    link.password === '' &&
    link.pathname.startsWith(own.pathname);
  if (!leads) {
    throw new TypeError(
      'nextLink does not lead to baseUrl, so that no token is sent there: is PUBLIC_BASE_URL of the proxy the address that this client uses?',
    );
  }
  return link.href;
}
