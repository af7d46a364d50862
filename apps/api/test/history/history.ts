import type { Intent } from './intents.ts';

/** The result of one attempt, as the client sees it. */
export type AttemptResult =
  | { readonly kind: 'created'; readonly id: string }
  /** Graph has certainly not created the customer. */
  | { readonly kind: 'refused'; readonly status: number }
  /** The outcome is unknown, or there was no response. The client must retry. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** A response that the proxy must never send. */
  | { readonly kind: 'unexpected'; readonly reason: string };

/** One attempt to create a customer. The times come from a logical clock. */
export interface Attempt {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly result: AttemptResult;
}

/** A customer that exists after the run. */
export interface StoredCustomer {
  readonly id: string;
  readonly business: string;
  readonly fingerprint: string;
}

/** Everything that was attempted, and everything that exists afterwards. */
export interface History {
  readonly intents: readonly Intent[];
  /** By the index of the intent, in the order in which the attempts ended. */
  readonly attempts: readonly (readonly Attempt[])[];
  readonly stored: readonly StoredCustomer[];
}

/** Records attempts. */
export class Recorder {
  readonly #intents: readonly Intent[];
  readonly #attempts: Attempt[][];
  #clock = 0;

  constructor(intents: readonly Intent[]) {
    this.#intents = intents;
    this.#attempts = intents.map(() => []);
  }

  async record(intent: Intent, send: () => Promise<AttemptResult>): Promise<AttemptResult> {
    const startedAt = (this.#clock += 1);
    const result = await send();
    this.#attempts[intent.index]?.push({ startedAt, endedAt: (this.#clock += 1), result });
    return result;
  }

  history(stored: readonly StoredCustomer[]): History {
    return { intents: this.#intents, attempts: this.#attempts, stored };
  }
}
