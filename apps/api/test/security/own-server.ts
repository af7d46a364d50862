import { once } from 'node:events';
import { type IncomingHttpHeaders, createServer } from 'node:http';

/** What a server that is not well-behaved answers, whatever it is asked. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface OwnServer {
  readonly url: string;
  /** What arrived, in order. */
  readonly asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** Replaces the answer from the next request on. */
  answer(reply: Reply): void;
  stop(): Promise<void>;
}

/** A server on a port of its own that gives one answer to everything. */
export async function answering(first: Reply): Promise<OwnServer> {
  let reply = first;
  const asked: OwnServer['asked'] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    request.resume().once('end', () => {
      const { status = 200, headers = {}, body = '' } = reply;
      response
        .on('error', () => undefined)
        .writeHead(status, headers)
        .end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP server');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    answer: (next) => {
      reply = next;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
