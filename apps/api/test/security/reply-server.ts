import { type IncomingHttpHeaders, createServer } from 'node:http';
import { listen, close } from '../local-server.ts';
import { onTeardown } from '../teardown.ts';

/** A response, however invalid. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** An HTTP server that sends the same reply to every request. */
export class ReplyServer {
  /** Requests that arrived, in order. */
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** Sent from the next request on. */
  reply: Reply;
  #url = '';
  readonly #server = createServer((request, response) => {
    this.requests.push({ url: request.url ?? '', headers: request.headers });
    request.resume().once('end', () => {
      const { status = 200, headers = {}, body = '' } = this.reply;
      response
        .on('error', () => undefined)
        .writeHead(status, headers)
        .end(body);
    });
  });

  private constructor(reply: Reply) {
    this.reply = reply;
  }

  static async start(reply: Reply = {}): Promise<ReplyServer> {
    const server = new ReplyServer(reply);
    server.#url = `http://127.0.0.1:${await listen(server.#server)}`;
    onTeardown(() => server.stop());
    return server;
  }

  get url(): string {
    return this.#url;
  }

  stop(): Promise<void> {
    return close(this.#server);
  }
}

/** Settings that send the proxy's Graph requests to `url`, without a token endpoint. */
export const graphAt = (url: string) => ({
  GRAPH_BASE_URL: `${url}/v1.0`,
  GRAPH_CREDENTIAL: 'access-token',
  GRAPH_ACCESS_TOKEN: 'x',
});
