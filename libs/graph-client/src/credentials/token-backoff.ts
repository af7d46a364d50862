import { performance } from 'node:perf_hooks';
import { GraphError } from '@bookings/domain';
import { retryAfterSeconds } from '../retry/retry-after.ts';

/** Leaves a token endpoint alone for as long as it asked, whoever wants a token meanwhile. */
export class TokenBackoff {
  #heldUntilMs = -Infinity;
  #cause: unknown;

  constructor(private readonly now: () => number = () => performance.now()) {}

  async run<T>(ask: () => Promise<T>): Promise<T> {
    const leftMs = this.#heldUntilMs - this.now();
    if (leftMs > 0) throw this.#held(leftMs);
    try {
      return await ask();
    } catch (error) {
      const seconds = Number(
        error instanceof GraphError ? error.headers['Retry-After'] : undefined,
      );
      if (seconds > 0) {
        this.#heldUntilMs = this.now() + seconds * 1000;
        this.#cause = error;
      }
      throw error;
    }
  }

  #held(leftMs: number): GraphError {
    return new GraphError('ServiceUnavailable', 'Tokens for Graph cannot be had now.', {
      outcome: 'not-sent',
      headers: { 'Retry-After': retryAfterSeconds(leftMs) },
      cause: this.#cause,
    });
  }
}
