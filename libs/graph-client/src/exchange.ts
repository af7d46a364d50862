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
  readonly departed: AbortSignal;
}

/** A complete answer. */
export interface WireAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** No complete answer. `sent`: whether a byte of the request may have left. */
export interface WireFailure {
  readonly kind: 'failure';
  readonly reason: 'connection' | 'departed' | 'timeout' | 'too-large';
  readonly sent: boolean;
  readonly cause?: unknown;
}

export type Exchange = WireAnswer | WireFailure;

/**
 * One request and its answer, within bounds of time and size. Never throws: how it failed, and
 * whether anything was sent, is the result. Redirects are answers like any other.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  limits: ExchangeLimits,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let sent = false;
    let settled = false;
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (result: Exchange) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      limits.departed.removeEventListener('abort', depart);
      resolve(result);
    };
    const fail = (reason: WireFailure['reason'], cause?: unknown) => {
      settle({ kind: 'failure', reason, sent, cause });
      controller?.abort(new Error(reason));
    };
    const depart = () => {
      fail('departed');
    };
    const timer = setTimeout(() => {
      fail('timeout');
    }, limits.timeoutMs);
    const overAtMs = performance.now() + limits.timeoutMs;
    limits.departed.addEventListener('abort', depart, { once: true });
    if (limits.departed.aborted) {
      depart();
      return;
    }

    dispatcher.dispatch(
      { ...request, headersTimeout: 0, bodyTimeout: 0 },
      {
        // Called when a connection stands, right before the first byte is written.
        onRequestStart: (given) => {
          controller = given;
          // A process that was stopped and goes on may be here before its timers.
          if (performance.now() > overAtMs) fail('timeout');
          if (settled) given.abort(new Error('given up before it was sent'));
          else sent = true;
        },
        onResponseStart: (_controller, statusCode, fields) => {
          status = statusCode;
          headers = fields;
        },
        onResponseData: (_controller, chunk) => {
          size += chunk.length;
          if (size > limits.maxBodyBytes) fail('too-large');
          else chunks.push(chunk);
        },
        onResponseEnd: () => {
          settle({ kind: 'answer', status, headers, body: Buffer.concat(chunks) });
        },
        onResponseError: (_controller, error) => {
          fail('connection', error);
        },
      },
    );
  });
}
