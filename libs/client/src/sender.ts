import { type Answer, errorIn, isObject } from './answer.ts';
import { BookingsApiError, type BookingsApiErrorInit } from './bookings-api-error.ts';
import { DeadlinePassed, unlessAborted } from './call-end.ts';
import type { RequestOptions } from './request-options.ts';

/** Gives a token for the proxy. */
export type GetToken = (options: RequestOptions) => Promise<string>;

export interface Sending {
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

  /** @throws BookingsApiError for every other answer than the expected one, and when none came */
  async send(sending: Sending, { signal }: RequestOptions): Promise<Answer> {
    const { method, url, body, expected } = sending;
    const write = method !== 'GET';
    const clientRequestId = crypto.randomUUID();
    const notSent = write ? 'not-sent' : undefined;
    const token = await this.#token(signal).catch((error: unknown) => {
      throwIfOver(signal, { clientRequestId, outcome: notSent });
      throw error;
    });
    const headers = {
      Accept: 'application/json',
      ...sending.headers,
      Authorization: `Bearer ${token}`,
      'client-request-id': clientRequestId,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    // A redirection would send a write again, perhaps elsewhere, and the token with it.
    const init: RequestInit = { method, headers, redirect: 'manual' };
    const answer = await fetched(url, {
      ...init,
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    }).catch((cause: unknown) => {
      throwIfOver(signal, { clientRequestId, outcome: write ? 'unknown' : undefined });
      throw new BookingsApiError('The Bookings API did not answer: the connection failed.', {
        code: 'ConnectionFailed',
        clientRequestId,
        outcome: write && !neverConnected(cause) ? 'unknown' : notSent,
        cause,
      });
    });
    if (answer.status === expected) return { ...answer, clientRequestId };
    throw errorIn({ ...answer, clientRequestId }, write);
  }

  async #token(signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    // Not every caller is checked by a compiler.
    const token: unknown = await unlessAborted(signal, this.#getToken({ signal }));
    // The characters of RFC 6750, 2.1. The message must not repeat what was given.
    if (typeof token === 'string' && /^[\w.~+/-]+=*$/.test(token)) return token;
    throw new TypeError('getToken must give a bearer token');
  }
}

/** @throws the signal's reason when it is aborted, and of a deadline what that means */
function throwIfOver(
  signal: AbortSignal | undefined,
  init: Pick<BookingsApiErrorInit, 'clientRequestId' | 'outcome'>,
): void {
  const reason: unknown = signal?.reason;
  if (reason instanceof DeadlinePassed) {
    throw new BookingsApiError(reason.message, { ...init, code: 'DeadlineExceeded' });
  }
  signal?.throwIfAborted();
}

async function fetched(url: string, init: RequestInit): Promise<Omit<Answer, 'clientRequestId'>> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What Node's fetch says when there was no connection to send anything on. */
const NEVER_CONNECTED: readonly unknown[] = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
];

function neverConnected(error: unknown): boolean {
  // By its shape: what fetch throws need not be an Error of the realm that this code runs in.
  const cause = isObject(error) ? error['cause'] : undefined;
  return isObject(cause) && NEVER_CONNECTED.includes(cause['code']);
}
