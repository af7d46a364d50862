import type { IncomingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import { MAX_RESPONSE_BYTES } from '@bookings/domain';
import type { Dispatcher } from 'undici';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ExchangeLimits {
  readonly timeoutMs: number;
  /** Of a response without an error. */
  readonly maxBodyBytes: number;
  /** Ends the exchange when it aborts before anything is sent. After that, it runs to its end. */
  readonly signal: AbortSignal;
  /** Asked right before the first byte is written. If it says no, the exchange ends as aborted. */
  readonly mayBegin?: () => boolean;
}

/** A complete response. */
export interface WireResponse {
  readonly kind: 'response';
  readonly status: number;
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An exchange without a complete response. */
export interface WireFailure {
  readonly kind: 'failure';
  readonly reason: 'connection' | 'aborted' | 'timeout' | 'too-large';
  /** Whether a byte of the request may have been sent. */
  readonly sent: boolean;
  readonly cause?: unknown;
}

export type ExchangeResult = WireResponse | WireFailure;

/** The response to the last attempt of a request. */
export interface SendResult {
  readonly response: WireResponse;
  /** Whether Graph may have carried out an earlier attempt. */
  readonly mayBeDone: boolean;
}

/** Disables the dispatcher's timeouts, because `exchange` has its own. */
export const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 } as const;

/**
 * Sends one request and receives its response, within limits of time and size. It never rejects: a
 * failure is a result. It does not follow redirects.
 *
 * @param dispatcher created with NO_TIMEOUTS
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  limits: ExchangeLimits,
): Promise<ExchangeResult> {
  return new Promise((resolve) => {
    const handler = new ExchangeHandler(limits, resolve);
    if (limits.signal.aborted) handler.abort();
    else dispatcher.dispatch(request, handler);
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #endsAtMs: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #sent = false;
  #status = 0;
  #maxBytes = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    private readonly limits: ExchangeLimits,
    private readonly resolve: (result: ExchangeResult) => void,
  ) {
    this.#endsAtMs = performance.now() + limits.timeoutMs;
    this.#timer = setTimeout(() => {
      this.#fail('timeout');
    }, limits.timeoutMs);
    limits.signal.addEventListener('abort', this.abort);
  }

  readonly abort = (): void => {
    this.#fail('aborted');
  };

  /** undici calls this once a connection is open, right before it writes the first byte. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // After a pause of the process this may run before an expired timer.
    if (performance.now() > this.#endsAtMs) this.#fail('timeout');
    else if (this.limits.mayBegin?.() === false) this.#fail('aborted');
    if (this.#settled) {
      controller.abort(new Error('The request ended before it was sent.'));
      return;
    }
    this.#sent = true;
    // Graph would go on working, so what it does is awaited.
    this.limits.signal.removeEventListener('abort', this.abort);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    const { maxBodyBytes } = this.limits;
    this.#maxBytes = status >= 400 ? Math.min(maxBodyBytes, MAX_RESPONSE_BYTES) : maxBodyBytes;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.#fail('too-large');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks);
    this.#settle({ kind: 'response', status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail('connection', error);
  }

  #fail(reason: WireFailure['reason'], cause?: unknown): void {
    this.#settle({ kind: 'failure', reason, sent: this.#sent, cause });
    this.#controller?.abort(new Error(reason));
  }

  #settle(result: ExchangeResult): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.limits.signal.removeEventListener('abort', this.abort);
    this.resolve(result);
    // The dispatcher may keep this handler after the exchange; the body is not needed there.
    this.#chunks = [];
  }
}
