import { performance } from 'node:perf_hooks';
import { GraphError } from '@bookings/domain';
import { concernsTenant } from './throttling.ts';
import { temporarilyUnavailable } from './token-error.ts';
import { tokenFailureIn } from './token-failure.ts';

interface Block {
  readonly untilMs: number;
  readonly cause: GraphError;
}

/** Without the oldest of more blocks, one more request reaches the token endpoint. */
const MAX_BLOCKS = 1000;
const TENANT = 'tenant';

/**
 * Blocks token requests until the `Retry-After` of the token endpoint has passed: those for the same
 * application or user, or all of them if the tenant is throttled.
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
      return await request();
    } catch (error) {
      if (error instanceof GraphError) this.#block(key, error);
      throw error;
    }
  }

  #assertUnblocked(key: string): void {
    const block = this.#blocks.get(key);
    const remainingMs = block ? block.untilMs - this.now() : 0;
    if (block && remainingMs > 0) throw temporarilyUnavailable(remainingMs, block.cause);
    this.#blocks.delete(key);
  }

  #block(key: string, cause: GraphError): void {
    const retryDelayMs = Number(cause.headers['Retry-After'] ?? 0) * 1000;
    if (!(retryDelayMs > 0)) return;
    const blocked = concernsTenant(tokenFailureIn(cause)) ? TENANT : key;
    // Deleted first, so that it becomes the newest.
    this.#blocks.delete(blocked);
    this.#blocks.set(blocked, { untilMs: this.now() + retryDelayMs, cause });
    for (const [oldest] of this.#blocks) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
  }
}
