/** What an answer that a fault gives looks like. */
export interface FaultAnswer {
  readonly status: number;
  /** JSON, or a string that is sent as it is; absent: an empty body. */
  readonly body?: unknown;
  /** Over Graph's usual headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
}

/** On which side of the storing a connection is lost. */
export type FaultMoment = 'before-stored' | 'after-stored';

/**
 * One step of a fault script, for the next `times` (default 1) Graph requests to arrive.
 *
 * - `status` answers this and stores nothing;
 * - `delay` handles the request as usual, `delayMs` later;
 * - `reset` resets the TCP connection;
 * - `silence` never answers;
 * - `answer-after-stored` does what was asked, then answers this;
 * - `truncate` does it, announces the whole answer and sends half of it;
 * - `drip` does it and sends the answer's body one byte each `intervalMs`;
 * - `endless` does it and answers with a body that grows until the peer leaves, but for a delete,
 *   whose answer has none;
 * - `display-name-is-email` stores `emailAddress` as `displayName`;
 * - `pass` handles the request as usual, to let some through before the next step.
 *
 * A step that does first what was asked leaves a request alone that Graph refuses anyway.
 */
export type Fault = { readonly times?: number | undefined } & (
  | ({ readonly kind: 'status' | 'answer-after-stored' } & FaultAnswer)
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'reset' | 'silence'; readonly when: FaultMoment }
  | { readonly kind: 'drip'; readonly intervalMs: number }
  | { readonly kind: 'truncate' | 'endless' | 'display-name-is-email' | 'pass' }
);

/** The script under way: each request that arrives takes the next step. */
export class FaultScript {
  #steps: readonly Fault[] = [];
  #used = 0;
  readonly #otherwise: (method: string) => Fault;

  /** @param otherwise what spoils a request of this method after the script's end */
  constructor(otherwise: (method: string) => Fault) {
    this.#otherwise = otherwise;
  }

  replace(steps: readonly Fault[]): void {
    this.#steps = steps;
    this.#used = 0;
  }

  /** The step for a request of this method that arrives now. */
  next(method: string): Fault {
    const [step, ...rest] = this.#steps;
    if (step === undefined) return this.#otherwise(method);
    this.#used += 1;
    if (this.#used >= (step.times ?? 1)) this.replace(rest);
    return step;
  }
}
