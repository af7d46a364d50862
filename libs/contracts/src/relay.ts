import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request on its way to the provider; what is changed in it arrives changed. */
export interface RelayedRequest {
  readonly method: string;
  /** Percent-encoded, with the query. */
  path: string;
  /** Where it goes: root address of the provider. Nowhere until it is said. */
  target: string | undefined;
  readonly headers: Headers;
}

/** The provider's answer on its way back; what is changed in it arrives changed. */
export interface RelayedAnswer {
  status: number;
  readonly headers: Headers;
  body: Buffer;
}

export interface RelayOptions {
  /** Says where the request goes; awaited. */
  onRequest(request: RelayedRequest): unknown;
  onAnswer?(answer: RelayedAnswer): void;
  /** A request could not be relayed: the provider is out of reach, or one of these threw. */
  onFailure?(error: unknown): void;
}

/** Names that hold for one connection alone, or that this relay works out anew. */
const OF_THE_CONNECTION = [
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
];

/**
 * Stands between Pact's verifier and a provider: it gives requests their token, and in tests spoils
 * answers, so that neither the provider nor the pact has to know of either.
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
      pass(request, response, options).catch((error: unknown) => {
        // An answer, because the verifier would repeat a request that gets none.
        response
          .writeHead(502, { 'Content-Type': 'text/plain' })
          .end(`Not relayed: ${String(error)}`);
        options.onFailure?.(error);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('not a TCP server');
    return new Relay(`http://127.0.0.1:${address.port}`, async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    });
  }
}

async function pass(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: RelayOptions,
): Promise<void> {
  const method = incoming.method ?? 'GET';
  const headers = endToEnd(Object.entries(incoming.headersDistinct));
  const request: RelayedRequest = { method, path: incoming.url ?? '/', target: undefined, headers };
  const sent = await buffer(incoming);
  await options.onRequest(request);
  if (request.target === undefined) throw new TypeError('nobody said where the request goes');
  const received = await fetch(`${request.target}${request.path}`, {
    method,
    headers: request.headers,
    redirect: 'manual',
    ...(sent.length > 0 && { body: new Uint8Array(sent) }),
  });
  const answer: RelayedAnswer = {
    status: received.status,
    headers: endToEnd([...received.headers].map(([name, value]) => [name, [value]])),
    body: Buffer.from(await received.arrayBuffer()),
  };
  options.onAnswer?.(answer);
  response.writeHead(answer.status, [...answer.headers].flat()).end(answer.body);
}

function endToEnd(fields: readonly (readonly [string, readonly string[] | undefined])[]): Headers {
  const headers = new Headers();
  for (const [name, values] of fields) {
    if (OF_THE_CONNECTION.includes(name)) continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
