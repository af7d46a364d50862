import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** Answers nothing until it is told to pass requests on to another server. */
export class SilentServer {
  readonly #server = createServer((request, response) => {
    this.asked += 1;
    this.waiting += 1;
    response.once('close', () => (this.waiting -= 1));
    void text(request).then(async (body) => {
      const { method = 'GET', url = '/' } = request;
      const target = this.#targetOf?.(url);
      if (target === undefined) return;
      const answer = await fetch(target, {
        method,
        headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
        ...(method !== 'GET' && { body }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    });
  });
  /** How many requests have arrived. */
  asked = 0;
  /** How many of them are not answered, and not given up by those that sent them. */
  waiting = 0;
  #targetOf: ((path: string) => string) | undefined;

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new TypeError('not a TCP server');
    return `http://127.0.0.1:${address.port}`;
  }

  /** From now on it passes requests on. Those that have arrived are cut off. */
  speak(targetOf: (path: string) => string): void {
    this.#targetOf = targetOf;
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
