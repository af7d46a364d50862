import { Pool } from 'undici';
import { NO_TIMEOUTS } from './exchange.ts';

/** Connections to Graph, which are kept and used again. */
export function openPool(origin: string, connectTimeoutMs: number): Pool {
  return new Pool(origin, {
    ...NO_TIMEOUTS,
    // With HTTP/2, it is unknown for a single request whether any byte was sent.
    allowH2: false,
    pipelining: 1,
    connectTimeout: connectTimeoutMs,
  });
}
