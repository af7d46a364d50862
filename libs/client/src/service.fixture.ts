import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';
import { BookingsApiError, BookingsClient, type BookingsClientOptions } from './index.ts';

export const JONI = { displayName: 'Joni Sherman' };

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const running: (() => void)[] = [];
/** Stops all services. Runs after each test. */
export function stopServices(): void {
  for (const stop of running.splice(0)) stop();
}
afterEach(stopServices);

/** Starts a service that handles requests with `handler` and records them. */
export async function service(
  handler: Handler,
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body });
      handler(request, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (!isTcp(address)) throw new TypeError('No TCP port.');
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

function isTcp(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

export const respondWith =
  (status: number, body: unknown = '', headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
/** Uses one handler after the other, and the last one for all further requests. */
export function inTurn(...handlers: readonly Handler[]): Handler {
  let turn = 0;
  return (request, response) => {
    const handler = handlers[Math.min(turn, handlers.length - 1)];
    turn += 1;
    handler?.(request, response);
  };
}

/** Closes the connection without a response. */
export const lost: Handler = (request) => request.socket.destroy();
/** Sends the headers of a response and the beginning of its body. */
export const truncated: Handler = (_request, response) => {
  response.writeHead(201, { 'Content-Length': '1000' });
  response.write('{"id":"x"', () => response.destroy());
};
export const keysOf = (seen: readonly Seen[]) =>
  seen.map(({ headers }) => headers['idempotency-key']);
export const created = respondWith(201, { id: 'AAQk+/=', ...JONI });

export const client = (baseUrl: string, more: Partial<BookingsClientOptions> = {}) =>
  new BookingsClient({ baseUrl, getToken: () => Promise.resolve('token'), ...more });

export async function errorOf(call: Promise<unknown>): Promise<BookingsApiError> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (error instanceof BookingsApiError) return error;
  throw new Error('Expected a BookingsApiError.', { cause: error });
}
