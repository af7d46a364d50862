import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen, close } from './local-server.ts';
import { onTeardown } from './teardown.ts';

/** An HTTP server that does not respond before `forward` is called. */
export class SilentServer {
  readonly #server = createServer((request, response) => {
    this.received += 1;
    this.pending += 1;
    response.once('close', () => (this.pending -= 1));
    void text(request).then(async (body) => {
      const { method = 'GET', url = '/' } = request;
      const target = this.#targetOf?.(url);
      if (target === undefined) return;
      const forwarded = await fetch(target, {
        method,
        headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
        ...(method !== 'GET' && { body }),
      });
      response.writeHead(forwarded.status, { 'content-type': 'application/json' });
      response.end(await forwarded.text());
    });
  });
  /** Number of requests that have arrived. */
  received = 0;
  /** Number of requests whose senders still wait for a response. */
  pending = 0;
  #targetOf: ((path: string) => string) | undefined;

  async start(): Promise<string> {
    const port = await listen(this.#server);
    onTeardown(() => this.stop());
    return `http://127.0.0.1:${port}`;
  }

  /** Forwards requests from now on. Connections that are open are closed. */
  forward(targetOf: (path: string) => string): void {
    this.#targetOf = targetOf;
    this.#server.closeAllConnections();
  }

  stop(): Promise<void> {
    return close(this.#server);
  }
}
