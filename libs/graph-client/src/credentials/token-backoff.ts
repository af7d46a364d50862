import { performance } from 'node:perf_hooks';
import { GraphError } from '@bookings/domain';
import { concernsTenant } from './throttling.ts';
import { temporarilyUnavailable } from './token-error.ts';
import { tokenFailureIn } from './token-failure.ts';

interface Block {
  readonly untilMs: number;
  readonly cause: GraphError;
  /** How often it was blocked since the last token. */
  readonly times: number;
}

/** Without the oldest of more blocks, one more request reaches the token endpoint. */
const MAX_BLOCKS = 1000;
const TENANT = 'tenant';
/** The longest delay that is guessed. */
const MAX_GUESSED_MS = 60_000;
/** The longest delay that is obeyed. A wrong `Retry-After` must not stop the proxy for days. */
const MAX_DELAY_MS = 300_000;

/**
 * Blocks token requests until the `Retry-After` of the token endpoint has passed: those for the same
 * application or user, or all of them if the tenant is throttled; for five minutes at most. Without
 * `Retry-After` the delay doubles with each failure.
 */
export class TokenBackoff {
  /** By what is throttled, oldest first. */
  readonly #blocks = new Map<string, Block>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  get size(): number {
    return this.#blocks.size;
  }

  /** @param key of the application or the user that the token is for */
  async run<T>(key: string, request: () => Promise<T>): Promise<T> {
    this.#assertUnblocked(TENANT);
    this.#assertUnblocked(key);
    try {
      const result = await request();
      this.#blocks.delete(TENANT);
      this.#blocks.delete(key);
      return result;
    } catch (error) {
      throw error instanceof GraphError ? this.#block(key, error) : error;
    }
  }

  #assertUnblocked(key: string): void {
    const block = this.#blocks.get(key);
    const remainingMs = block ? block.untilMs - this.now() : 0;
    if (block && remainingMs > 0) throw temporarilyUnavailable(remainingMs, block.cause);
  }

  /** @returns the error for the caller, with the delay that applies */
  #block(key: string, cause: GraphError): GraphError {
    const saidMs = Number(cause.headers['Retry-After'] ?? 0) * 1000;
    if (!(saidMs > 0)) return cause;
    const failure = tokenFailureIn(cause);
    const blocked = concernsTenant(failure) ? TENANT : key;
    const times = (this.#blocks.get(blocked)?.times ?? 0) + 1;
    const delayMs = failure?.isDelayGuessed
      ? Math.min(saidMs * 2 ** (times - 1), MAX_GUESSED_MS)
      : Math.min(saidMs, MAX_DELAY_MS);
    // Deleted first, so that it becomes the newest.
    this.#blocks.delete(blocked);
    this.#blocks.set(blocked, { untilMs: this.now() + delayMs, cause, times });
    for (const [oldest] of this.#blocks) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    return delayMs === saidMs ? cause : temporarilyUnavailable(delayMs, cause, cause.aadsts);
  }
}
