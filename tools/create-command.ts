import { DOCUMENTED_BUSINESS, DOCUMENTED_CUSTOMER_FILE } from './local-stack.ts';

/**
 * A curl command that creates the documented customer, for a shell. Its key makes one customer of
 * several such requests.
 */
export function createCommand(
  url: string,
  token: string,
  idempotencyKey: string,
  file = DOCUMENTED_CUSTOMER_FILE,
): string {
  return [
    `curl -i ${quoted(`${url}/v1.0/solutions/bookingBusinesses/${DOCUMENTED_BUSINESS}/customers`)}`,
    `-H ${quoted('Content-Type: application/json')}`,
    `-H ${quoted(`Idempotency-Key: ${idempotencyKey}`)}`,
    `-d ${quoted(`@${file}`)}`,
    `-H ${quoted(`Authorization: Bearer ${token}`)}`,
  ].join(' ');
}

/** As one word of a shell. An apostrophe ends the quotation, stands alone, and begins another. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
