import type { IncomingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';

/** What goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Ends the exchange when it aborts. */
  readonly signal: AbortSignal;
}

/** A complete answer. */
export interface WireResponse {
  readonly kind: 'answer';
  readonly status: number;
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** No complete answer. `sent`: whether a byte of the request may have left. */
export interface WireFailure {
  readonly kind: 'failure';
  readonly reason: 'connection' | 'aborted' | 'timeout' | 'too-large';
  readonly sent: boolean;
  readonly cause?: unknown;
}

/** Of a dispatcher for exchanges, which keep the time themselves. */
export const BOUNDLESS = { headersTimeout: 0, bodyTimeout: 0 } as const;

export type Exchange = WireResponse | WireFailure;

/**
 * One request and its answer, within bounds of time and size. Never throws: how it failed, and
 * whether anything was sent, is the result. Redirects are answers like any other.
 *
 * @param dispatcher made with BOUNDLESS
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  limits: ExchangeLimits,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const running = new RunningExchange({ limits, resolve });
    if (running.begin()) dispatcher.dispatch(request, running);
  });
}

interface Asked {
  readonly limits: ExchangeLimits;
  readonly resolve: (result: Exchange) => void;
}

class RunningExchange implements Dispatcher.DispatchHandler {
  /** Undefined from when it is settled. */
  #asked: Asked | undefined;
  readonly #overAtMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #abort = () => {
    this.#fail('aborted');
  };
  #chunks: Buffer[] = [];
  #sent = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #size = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
    const { timeoutMs } = asked.limits;
    this.#overAtMs = performance.now() + timeoutMs;
    this.#timer = setTimeout(() => {
      this.#fail('timeout');
    }, timeoutMs);
  }

  /** @returns false when the signal has aborted already */
  begin(): boolean {
    const signal = this.#asked?.limits.signal;
    signal?.addEventListener('abort', this.#abort);
    if (signal?.aborted === true) this.#abort();
    return this.#asked !== undefined;
  }

  #fail(reason: WireFailure['reason'], cause?: unknown): void {
    const controller = this.#controller;
    this.#settle({ kind: 'failure', reason, sent: this.#sent, cause });
    controller?.abort(new Error(reason));
  }

  /** Called when a connection stands, right before the first byte is written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // A process that was stopped and goes on may be here before its timers.
    if (performance.now() > this.#overAtMs) this.#fail('timeout');
    if (this.#asked) this.#sent = true;
    else controller.abort(new Error('given up before it was sent'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > (this.#asked?.limits.maxBodyBytes ?? 0)) this.#fail('too-large');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks);
    this.#settle({ kind: 'answer', status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail('connection', error);
  }

  #settle(result: Exchange): void {
    if (!this.#asked) return;
    const { limits, resolve } = this.#asked;
    clearTimeout(this.#timer);
    limits.signal.removeEventListener('abort', this.#abort);
    resolve(result);
    this.#asked = undefined;
    // The dispatcher may hold this object for longer than the answer is needed.
    this.#chunks = [];
  }
}
