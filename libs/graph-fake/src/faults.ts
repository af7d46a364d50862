/** The response of a fault. */
export interface FaultResponse {
  readonly status: number;
  /** JSON, or a string that is sent unchanged. By default, the body is empty. */
  readonly body?: unknown;
  /** Replace Graph's usual headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
}

/** Whether a connection is lost before or after the change is stored. */
export type FaultMoment = 'before-stored' | 'after-stored';

/**
 * One step of a fault script, for the next `times` (default 1) Graph requests that arrive.
 *
 * - `status` sends this response and stores nothing;
 * - `delay` handles the request as usual after `delayMs`;
 * - `reset` resets the TCP connection;
 * - `silence` never responds;
 * - `answer-after-stored` handles the request, then sends this response instead;
 * - `truncate` handles the request and sends half of the response with the whole `Content-Length`;
 * - `drip` handles the request and sends one byte of the body every `intervalMs`;
 * - `endless` handles the request and sends a body that grows until the client disconnects, except
 *   for a delete, which has no body;
 * - `display-name-is-email` stores `emailAddress` as `displayName`;
 * - `pass` handles the request as usual.
 *
 * A request that Graph refuses gets the refusal instead of a fault that handles it first.
 */
export type Fault = { readonly times?: number | undefined } & (
  | ({ readonly kind: 'status' | 'answer-after-stored' } & FaultResponse)
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'reset' | 'silence'; readonly when: FaultMoment }
  | { readonly kind: 'drip'; readonly intervalMs: number }
  | { readonly kind: 'truncate' | 'endless' | 'display-name-is-email' | 'pass' }
);

/** The current script. Each request that arrives uses the next step. */
export class FaultScript {
  #steps: readonly Fault[] = [];
  #used = 0;
  readonly #otherwise: (method: string) => Fault;

  /** @param otherwise the fault of a request after the end of the script */
  constructor(otherwise: (method: string) => Fault) {
    this.#otherwise = otherwise;
  }

  replace(steps: readonly Fault[]): void {
    this.#steps = steps;
    this.#used = 0;
  }

  /** The step for a request with this method that arrives now. */
  next(method: string): Fault {
    const [step, ...rest] = this.#steps;
    if (step === undefined) return this.#otherwise(method);
    this.#used += 1;
    if (this.#used >= (step.times ?? 1)) this.replace(rest);
    return step;
  }
}
