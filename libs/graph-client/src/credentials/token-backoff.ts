import { performance } from 'node:perf_hooks';
import { GraphError } from '@bookings/domain';
import { retryAfterSeconds } from '../transport/retry-after.ts';

/** Blocks all token requests until the `Retry-After` of the token endpoint has passed. */
export class TokenBackoff {
  #blockedUntilMs = -Infinity;
  #cause: unknown;

  constructor(private readonly now: () => number = () => performance.now()) {}

  async run<T>(request: () => Promise<T>): Promise<T> {
    const remainingMs = this.#blockedUntilMs - this.now();
    if (remainingMs > 0) throw this.#blocked(remainingMs);
    try {
      return await request();
    } catch (error) {
      const seconds = Number(
        error instanceof GraphError ? error.headers['Retry-After'] : undefined,
      );
      if (seconds > 0) {
        this.#blockedUntilMs = this.now() + seconds * 1000;
        this.#cause = error;
      }
      throw error;
    }
  }

  #blocked(remainingMs: number): GraphError {
    return new GraphError('ServiceUnavailable', 'Tokens for Graph are temporarily unavailable.', {
      outcome: 'not-sent',
      headers: { 'Retry-After': retryAfterSeconds(remainingMs) },
      cause: this.#cause,
    });
  }
}
