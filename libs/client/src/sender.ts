import { type ApiResponse, errorIn, invalidResponse, isObject } from './api-response.ts';
import { BookingsApiError, type BookingsApiErrorInit } from './bookings-api-error.ts';
import { boundedText } from './bounded-text.ts';
import { DeadlineExceeded, unlessAborted } from './call-deadline.ts';
import type { RequestOptions } from './request-options.ts';

/** A page of the proxy has at most 8 MiB. */
const MAX_BODY_MIB = 16;

/** Returns a token for the proxy. */
export type GetToken = (options: RequestOptions) => Promise<string>;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** JSON. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The status of success. */
  readonly expected: number;
}

/** Sends requests to the proxy, each of them once. */
export class Sender {
  readonly #getToken: GetToken;

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  /** @throws BookingsApiError unless the response has the expected status */
  async send(request: ApiRequest, { signal }: RequestOptions): Promise<ApiResponse> {
    const { method, url, body, expected } = request;
    const write = method !== 'GET';
    const clientRequestId = crypto.randomUUID();
    const notSent = write ? 'not-sent' : undefined;
    const token = await this.#token(signal).catch((error: unknown) => {
      throwIfAborted(signal, { clientRequestId, outcome: notSent });
      throw error;
    });
    const headers = {
      Accept: 'application/json',
      ...request.headers,
      Authorization: `Bearer ${token}`,
      'client-request-id': clientRequestId,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    // A redirect would send a write and the token again, possibly to another server.
    const init: RequestInit = { method, headers, redirect: 'manual' };
    const {
      status,
      headers: received,
      text,
    } = await fetchText(url, {
      ...init,
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    }).catch((cause: unknown) => {
      throwIfAborted(signal, { clientRequestId, outcome: write ? 'unknown' : undefined });
      throw new BookingsApiError(`The Bookings API did not answer: ${reasonOf(cause)}.`, {
        code: 'ConnectionFailed',
        clientRequestId,
        outcome: write && !neverConnected(cause) ? 'unknown' : notSent,
        cause,
      });
    });
    const response = { status, headers: received, text: text ?? '', clientRequestId };
    if (status !== expected) throw errorIn(response, write);
    if (text === undefined) {
      throw invalidResponse(response, `a body of at most ${MAX_BODY_MIB} MiB`, write);
    }
    return response;
  }

  async #token(signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    // JavaScript callers are not type-checked.
    const token: unknown = await unlessAborted(signal, this.#getToken({ signal }));
    // The characters of RFC 6750, 2.1. The message must not contain the token.
    if (typeof token === 'string' && /^[\w.~+/-]+=*$/.test(token)) return token;
    throw new TypeError(tokenFault(token));
  }
}

/** What is wrong with a token, without the token. */
function tokenFault(token: unknown): string {
  if (typeof token !== 'string') {
    return 'getToken must return the token as a string, such as the member token of what a credential of @azure/identity returns';
  }
  return /\bbearer\b/i.test(token)
    ? 'getToken must return the token alone, without "Bearer" in front of it, because the client adds that'
    : 'getToken must return a token without spaces, line breaks or quotes, and not an empty one';
}

/** @throws the reason of an aborted signal; a BookingsApiError for an exceeded deadline */
function throwIfAborted(
  signal: AbortSignal | undefined,
  init: Pick<BookingsApiErrorInit, 'clientRequestId' | 'outcome'>,
): void {
  const reason: unknown = signal?.reason;
  if (reason instanceof DeadlineExceeded) {
    throw new BookingsApiError(reason.message, { ...init, code: 'DeadlineExceeded' });
  }
  signal?.throwIfAborted();
}

/** With the text of the body; undefined if that is too large. */
async function fetchText(url: string, init: RequestInit) {
  const response = await fetch(url, init);
  const text = await boundedText(response, MAX_BODY_MIB * 1024 * 1024);
  return { status: response.status, headers: response.headers, text };
}

/** Without the messages of the errors, which may repeat a header. */
function reasonOf(error: unknown): string {
  const code = connectionCode(error);
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`;
}

/** How deep runtimes wrap an error. */
const MAX_CAUSES = 5;

/** The code of an error of `fetch`, or of its cause. Not instanceof: it may come from another realm. */
function connectionCode(error: unknown, depth = 0): string | undefined {
  if (!isObject(error) || depth > MAX_CAUSES) return undefined;
  const { code, cause } = error;
  return typeof code === 'string' && /^\w+$/.test(code) ? code : connectionCode(cause, depth + 1);
}

/** Error codes of Node's fetch without a connection. */
const NEVER_CONNECTED: readonly unknown[] = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
];

function neverConnected(error: unknown): boolean {
  return NEVER_CONNECTED.includes(connectionCode(error));
}
