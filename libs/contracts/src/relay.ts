import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request to the provider. Changes to it are forwarded. */
export interface RelayedRequest {
  readonly method: string;
  /** Percent-encoded, with the query. */
  path: string;
  /** Root address of the provider. `onRequest` sets it. */
  target: string | undefined;
  readonly headers: Headers;
}

/** A response of the provider. Changes to it are forwarded. */
export interface RelayedResponse {
  status: number;
  readonly headers: Headers;
  body: Buffer;
}

export interface RelayOptions {
  /** Sets the target of the request. Awaited. */
  onRequest(request: RelayedRequest): unknown;
  onResponse?(response: RelayedResponse, request: RelayedRequest): void;
  /** A request was not relayed: the provider is unreachable, or a callback threw. */
  onFailure?(error: unknown): void;
}

/** Headers that belong to one connection, or that the relay computes again. */
const NOT_RELAYED = [
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
];

/**
 * A proxy between Pact's verifier and a provider. It sets the token of a request and can change a
 * response, neither of which Pact's own hooks allow.
 */
export class Relay {
  /** Root address, `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.close = close;
  }

  static async start(options: RelayOptions): Promise<Relay> {
    const server = createServer((request, response) => {
      forward(request, response, options).catch((error: unknown) => {
        // Always respond: the verifier repeats a request that gets no response.
        response
          .writeHead(502, { 'Content-Type': 'text/plain' })
          .end(`Not relayed: ${String(error)}`);
        options.onFailure?.(error);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('No TCP port.');
    return new Relay(`http://127.0.0.1:${address.port}`, async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    });
  }
}

async function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: RelayOptions,
): Promise<void> {
  const method = incoming.method ?? 'GET';
  const headers = endToEndHeaders(Object.entries(incoming.headersDistinct));
  const request: RelayedRequest = { method, path: incoming.url ?? '/', target: undefined, headers };
  const sentBody = await buffer(incoming);
  await options.onRequest(request);
  if (request.target === undefined) throw new TypeError('The request has no target.');
  const received = await fetch(`${request.target}${request.path}`, {
    method,
    headers: request.headers,
    redirect: 'manual',
    ...(sentBody.length > 0 && { body: new Uint8Array(sentBody) }),
  });
  const relayed: RelayedResponse = {
    status: received.status,
    headers: endToEndHeaders([...received.headers].map(([name, value]) => [name, [value]])),
    body: Buffer.from(await received.arrayBuffer()),
  };
  options.onResponse?.(relayed, request);
  response.writeHead(relayed.status, [...relayed.headers].flat()).end(relayed.body);
}

function endToEndHeaders(
  fields: readonly (readonly [string, readonly string[] | undefined])[],
): Headers {
  const headers = new Headers();
  for (const [name, values] of fields) {
    if (NOT_RELAYED.includes(name)) continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
