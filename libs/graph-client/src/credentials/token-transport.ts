import { Pool } from 'undici';
import { BOUNDLESS, type Exchange, exchange } from '../transport/exchange.ts';

const MAX_ANSWER_BYTES = 65_536;
const CONNECTIONS = 8;

/** Carries requests for tokens, within bounds of time and size; follows no redirect. */
export class TokenTransport {
  readonly #pools = new Map<string, Pool>();
  readonly #timeoutMs: number;
  readonly #plainOrigin: string | undefined;

  /**
   * @param timeoutMs of one request
   * @param authority where tokens are issued; the library speaks https alone, so that an authority
   *   on a loopback address with plain http is reached under its https name
   */
  constructor(timeoutMs: number, authority?: string) {
    this.#timeoutMs = timeoutMs;
    this.#plainOrigin = authority?.startsWith('http:') ? new URL(authority).origin : undefined;
  }

  send(
    method: 'GET' | 'POST',
    address: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Exchange> {
    const { origin, pathname, search } = new URL(address);
    return exchange(
      this.#poolFor(this.#reachedAt(origin)),
      { method, path: `${pathname}${search}`, headers, ...(body !== undefined && { body }) },
      {
        timeoutMs: this.#timeoutMs,
        maxBodyBytes: MAX_ANSWER_BYTES,
        signal: new AbortController().signal,
      },
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #reachedAt(origin: string): string {
    const plain = this.#plainOrigin;
    return plain?.replace('http:', 'https:') === origin ? plain : origin;
  }

  #poolFor(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, { ...BOUNDLESS, allowH2: false, connections: CONNECTIONS });
    this.#pools.set(origin, pool);
    return pool;
  }
}
