import { once } from 'node:events';
import { Agent, IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { close, listen } from './local-server.ts';

const PROBE_EVERY_MS = 100;

interface Backend {
  readonly url: string;
  readonly probesUrl: string;
  readonly agent: Agent;
  isReady: boolean;
  /** When its probes began to fail; undefined while they succeed. */
  failingSinceMs: number | undefined;
  served: number;
}

/**
 * A load balancer with pools of kept connections. It takes turns between its backends, notices late
 * that one is not ready any more, and repeats nothing. A request that it cannot forward gets 502.
 */
export class Balancer {
  readonly #server = createServer((incoming, response) => {
    this.#forward(incoming, response).catch(() => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
  });
  readonly #backends: Backend[] = [];
  readonly #closing = new AbortController();
  #turn = 0;
  readonly #noticesAfterMs: number;

  /** @param noticesAfterMs how long probes must have failed before a backend gets no more requests */
  constructor(noticesAfterMs = 2000) {
    this.#noticesAfterMs = noticesAfterMs;
  }

  async start(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.#server)}`;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const { agent } of this.#backends) agent.destroy();
    await close(this.#server);
  }

  /**
   * Resolves when the backend gets requests. Its probes go on until `close`.
   *
   * @param probesUrl where the probes are
   */
  async add(url: string, probesUrl = url): Promise<void> {
    const backend: Backend = {
      url,
      probesUrl,
      agent: new Agent({ keepAlive: true }),
      isReady: false,
      failingSinceMs: undefined,
      served: 0,
    };
    this.#backends.push(backend);
    const { promise: ready, resolve } = Promise.withResolvers<undefined>();
    void this.#watch(backend, () => {
      resolve(undefined);
    });
    await ready;
  }

  /** Requests that each backend has answered, in the order in which they were added. */
  get served(): number[] {
    return this.#backends.map(({ served }) => served);
  }

  async #watch(backend: Backend, onReady: () => void): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const ok = await fetch(`${backend.probesUrl}/readyz`, { signal }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.ok;
        },
        () => false,
      );
      if (ok) {
        backend.failingSinceMs = undefined;
        backend.isReady = true;
        onReady();
      } else {
        backend.failingSinceMs ??= performance.now();
        if (performance.now() - backend.failingSinceMs >= this.#noticesAfterMs)
          backend.isReady = false;
      }
      await sleep(PROBE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const ready = this.#backends.filter(({ isReady }) => isReady);
    const backend = ready[(this.#turn += 1) % ready.length];
    if (!backend) throw new Error('no backend is ready');
    const { method, url = '/', headers } = incoming;
    const outgoing = request(new URL(url, backend.url), {
      method,
      agent: backend.agent,
      headers: { ...headers, connection: 'keep-alive' },
    });
    const answered: Promise<unknown[]> = once(outgoing, 'response');
    await Promise.all([pipeline(incoming, outgoing), answered]);
    const [answer] = await answered;
    if (!(answer instanceof IncomingMessage)) throw new TypeError('not a response');
    const { connection: _, 'keep-alive': __, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, kept);
    await pipeline(answer, response);
    backend.served += 1;
  }
}
