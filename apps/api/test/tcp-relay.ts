import { type Socket, connect, createServer } from 'node:net';
import type { GraphFake } from '@bookings/graph-fake';
import { listen, close } from './local-server.ts';
import { onTeardown } from './teardown.ts';

/** Relays connections to a server. A test can hold its responses back or cut the connections. */
export class TcpRelay {
  readonly #server = createServer((client) => {
    this.#relay(client);
  });
  readonly #onReceived: (bytes: Buffer) => void;
  readonly #pairs = new Map<Socket, Socket>();
  /** Empty before `start`. */
  url = '';
  #target = 0;
  #isHolding = false;

  /** @param onReceived is called with the bytes that clients send */
  constructor(onReceived: (bytes: Buffer) => void = () => undefined) {
    this.#onReceived = onReceived;
    onTeardown(() => this.cut());
  }

  /** @returns `url` with the port of the relay */
  async start(url: string): Promise<string> {
    const relayed = new URL(url);
    this.#target = Number(relayed.port);
    relayed.port = String(await listen(this.#server));
    this.url = relayed.href;
    return this.url;
  }

  /** Relays the fake Graph. @returns settings that send the requests of the proxy to the relay */
  async graphSettings(fake: GraphFake): Promise<Record<string, string>> {
    return {
      GRAPH_BASE_URL: this.url || (await this.start(fake.graphUrl)),
      // The token endpoint issues no tokens for the address of the relay.
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: await fake.issueGraphToken(),
    };
  }

  /** Holds back what the server sends until `release` is called. */
  hold(): void {
    this.#isHolding = true;
    for (const [client, upstream] of this.#pairs) upstream.unpipe(client).pause();
  }

  release(): void {
    this.#isHolding = false;
    for (const [client, upstream] of this.#pairs) upstream.pipe(client);
  }

  /** Resets every connection and refuses new ones until `restore` is called. */
  async cut(): Promise<void> {
    const closed = close(this.#server);
    for (const [client, upstream] of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
    await closed;
  }

  async restore(): Promise<void> {
    await listen(this.#server, Number(new URL(this.url).port));
  }

  #relay(client: Socket): void {
    const upstream = connect(this.#target, '127.0.0.1');
    this.#pairs.set(client, upstream);
    const destroy = () => {
      this.#pairs.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', destroy).on('close', destroy);
    client.on('data', this.#onReceived).pipe(upstream);
    if (!this.#isHolding) upstream.pipe(client);
  }
}
