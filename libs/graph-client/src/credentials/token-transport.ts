import { Pool } from 'undici';
import { type ExchangeResult, NO_TIMEOUTS, exchange } from '../transport/exchange.ts';

const MAX_RESPONSE_BYTES = 65_536;
const CONNECTIONS = 8;

/** Sends token requests, within limits of time and size. It does not follow redirects. */
export class TokenTransport {
  readonly #pools = new Map<string, Pool>();
  readonly #timeoutMs: number;
  readonly #plainOrigin: string | undefined;

  /**
   * @param timeoutMs of one request
   * @param authority the token issuer. The library accepts only https URLs, so requests to an http
   *   authority on a loopback address arrive here with https.
   */
  constructor(timeoutMs: number, authority?: string) {
    this.#timeoutMs = timeoutMs;
    this.#plainOrigin = authority?.startsWith('http:') ? new URL(authority).origin : undefined;
  }

  send(
    method: 'GET' | 'POST',
    url: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<ExchangeResult> {
    const { origin, pathname, search } = new URL(url);
    return exchange(
      this.#poolFor(this.#actualOrigin(origin)),
      { method, path: `${pathname}${search}`, headers, ...(body !== undefined && { body }) },
      {
        timeoutMs: this.#timeoutMs,
        maxBodyBytes: MAX_RESPONSE_BYTES,
        signal: new AbortController().signal,
      },
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #actualOrigin(origin: string): string {
    const plain = this.#plainOrigin;
    return plain?.replace('http:', 'https:') === origin ? plain : origin;
  }

  #poolFor(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, { ...NO_TIMEOUTS, allowH2: false, connections: CONNECTIONS });
    this.#pools.set(origin, pool);
    return pool;
  }
}
