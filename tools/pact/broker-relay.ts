import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { relink } from './broker-links.ts';
import { refusal } from './broker-refusal.ts';
import type { Broker } from './broker.ts';
import { CommandError } from './command-error.ts';

/** A request of Pact's tools and the response of the broker. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly sent: string;
  /** Undefined if it was withheld from the broker. */
  readonly status: number | undefined;
  readonly received: string;
}

export interface RelayOptions {
  /**
   * Which changes reach the broker. Those of `tried` may fail, unseen by the tools, which would stop
   * before they tell their results.
   */
  readonly writes?: 'required' | 'tried' | 'withheld';
  readonly onExchange?: (exchange: Exchange) => void;
}

const READS = ['GET', 'HEAD'];
/** A query with a body. */
const FOR_VERIFICATION = /^\/pacts\/provider\/[^/]+\/for-verification$/;

/**
 * Stands between Pact's tools and the broker for one command. The tools then need not know the
 * address, the path or the credentials of the broker, each response has a time limit, and the
 * command knows what failed.
 */
export class BrokerRelay {
  readonly url: string;
  /** Only the tools of this command may use the relay. */
  readonly token: string;
  readonly close: () => Promise<void>;
  readonly #broken = new AbortController();

  private constructor(url: string, token: string, close: () => Promise<void>) {
    this.url = url;
    this.token = token;
    this.close = close;
  }

  static async start(broker: Broker, options: RelayOptions = {}): Promise<BrokerRelay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('No TCP port.');
    const url = `http://127.0.0.1:${address.port}`;
    const relay = new BrokerRelay(url, crypto.randomUUID(), async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      relay.#forward(broker, options, request, response).catch((error: unknown) => {
        relay.#broken.abort(error);
        response.writeHead(504).end();
      });
    });
    return relay;
  }

  /** Aborted at the first failure, because the tools would try again for minutes. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** The first failure of the broker, or its refusal. */
  get failure(): CommandError | undefined {
    const reason: unknown = this.broken.reason;
    return reason instanceof CommandError ? reason : undefined;
  }

  async #forward(
    broker: Broker,
    { writes = 'required', onExchange }: RelayOptions,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const sent = await text(request);
    if (headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401).end();
      return;
    }
    const isRead = READS.includes(method) || FOR_VERIFICATION.test(path);
    if (!isRead && writes === 'withheld') {
      onExchange?.({ method, path, sent, status: undefined, received: '' });
      accept(response);
      return;
    }
    const { status, type, body } = await broker.send(method, path, {
      type: headers['content-type'],
      ...(sent !== '' && { body: sent }),
    });
    onExchange?.({ method, path, sent, status, received: body });
    if (!isRead && writes === 'tried' && status >= 400) {
      accept(response);
      return;
    }
    const failure = refusal(broker, status, !isRead);
    if (failure !== undefined) this.#broken.abort(failure);
    const linked = relink(body, this.url, (href) => broker.pathOf(href));
    response.writeHead(status, { 'Content-Type': type }).end(linked);
  }
}

function accept(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/hal+json' }).end('{"_links":{}}');
}
