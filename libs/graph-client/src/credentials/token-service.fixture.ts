import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export interface TokenResponse {
  readonly status: number;
  /** JSON, or a text that is sent unchanged. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A token endpoint with scripted responses that records its requests. */
export class TokenService {
  /** `silence`: requests get no response. */
  response: TokenResponse | 'silence' = 'silence';
  readonly forms: URLSearchParams[] = [];
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<TokenService> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const service = new TokenService(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        service.requests.push({ path: request.url ?? '', headers: request.headers });
        service.forms.push(new URLSearchParams(body));
        if (service.response === 'silence') return;
        const { status, body: sent, headers } = service.response;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof sent === 'string' ? sent : JSON.stringify(sent));
      });
    });
    return service;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
