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
 * One step of a fault script, for the next `times` (default 1) Graph requests that arrive. With
 * `endpoint: 'token'` it is for the next requests of the token endpoint instead.
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
  | ({ readonly kind: 'status'; readonly endpoint?: 'token' | undefined } & FaultResponse)
  | ({ readonly kind: 'answer-after-stored' } & FaultResponse)
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'reset' | 'silence'; readonly when: FaultMoment }
  | { readonly kind: 'drip'; readonly intervalMs: number }
  | { readonly kind: 'pass'; readonly endpoint?: 'token' | undefined }
  | { readonly kind: 'truncate' | 'endless' | 'display-name-is-email' }
);

/** A fault of the token endpoint. */
export type TokenFault = Extract<Fault, { kind: 'status' | 'pass' }>;

function isTokenFault(fault: Fault): fault is TokenFault {
  return (fault.kind === 'status' || fault.kind === 'pass') && fault.endpoint === 'token';
}

/** The current script of an endpoint. Each request that arrives uses the next step. */
export class FaultScript<Step extends Fault = Fault> {
  #steps: readonly Step[] = [];
  #used = 0;
  readonly #otherwise: (method: string) => Step;

  /** @param otherwise the fault of a request after the end of the script */
  constructor(otherwise: (method: string) => Step) {
    this.#otherwise = otherwise;
  }

  replace(steps: readonly Step[]): void {
    this.#steps = steps;
    this.#used = 0;
  }

  /** The step for a request with this method that arrives now. */
  next(method: string): Step {
    const [step, ...rest] = this.#steps;
    if (step === undefined) return this.#otherwise(method);
    this.#used += 1;
    if (this.#used >= (step.times ?? 1)) this.replace(rest);
    return step;
  }
}

/** The scripts of Graph and of the token endpoint. Each has its own order. */
export class FaultScripts {
  readonly graph: FaultScript;
  readonly token = new FaultScript<TokenFault>(() => ({ kind: 'pass' }));

  /** @param otherwise the fault of a request to Graph after the end of the script */
  constructor(otherwise: (method: string) => Fault) {
    this.graph = new FaultScript(otherwise);
  }

  replace(steps: readonly Fault[]): void {
    this.graph.replace(steps.filter((step) => !isTokenFault(step)));
    this.token.replace(steps.filter(isTokenFault));
  }
}
