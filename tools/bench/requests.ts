import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';
import type { NextRequest } from './load.ts';

/** Graph allows four requests at a time in each; with so many nobody waits for a turn. */
export const BUSINESSES = 64;

/** Three rules are broken. */
const INVALID_CUSTOMER = {
  ...DOCUMENTED_CUSTOMER,
  displayName: '',
  emailAddress: 'nobody',
  phones: [{ number: '206-555-0100', type: 'landline' }],
};

/** What can be asked for; tokens and bodies are chosen by the scenario. */
export class Requests {
  readonly #prefix: string;
  readonly #businesses: number;
  #count = 0;

  /**
   * @param prefix of the names of the businesses
   * @param businesses over which requests are spread in turn
   */
  constructor(prefix: string, businesses = BUSINESSES) {
    this.#prefix = prefix;
    this.#businesses = businesses;
  }

  /** @param body one character for each byte */
  create(token: string, body = VALID_BODY, headers = ''): string {
    const head = `POST ${this.#path()} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n`;
    return `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
  }

  list(token: string, top: number): string {
    return this.#get(token, `?$top=${top}`);
  }

  one(token: string): string {
    return this.#get(token, '/b97ebcdc-17bd-4f60-aabd-000000000000');
  }

  #get(token: string, what: string): string {
    return `GET ${this.#path()}${what} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  }

  #path(): string {
    this.#count += 1;
    const business = `${this.#prefix}${this.#count % this.#businesses}%40contoso.com`;
    return `/v1.0/solutions/bookingBusinesses/${business}/customers`;
  }
}

export const VALID_BODY = JSON.stringify(DOCUMENTED_CUSTOMER);
export const INVALID_BODY = JSON.stringify(INVALID_CUSTOMER);

/** A customer that nobody else is, and a key that was never sent. */
export function keyed(run: string, index: number): { body: string; headers: string } {
  const emailAddress = `joni.${run}.${index}@relecloud.com`;
  return {
    body: JSON.stringify({ ...DOCUMENTED_CUSTOMER, emailAddress }),
    headers: `Idempotency-Key: "${run}-${index}"\r\n`,
  };
}

/** `usual` requests, of which each `step`th is a `special` one; over when there is none left. */
export function every(step: number, special: NextRequest, usual: NextRequest): NextRequest {
  let count = 0;
  return () => {
    count += 1;
    return count % step === 0 ? special() : usual();
  };
}
