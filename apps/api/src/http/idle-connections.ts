import type { Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Socket } from 'node:net';
import type { ConnectionUse } from './pipeline-queue.ts';

/** Share of the server's connection limit from which a new connection closes an idle one. */
const NEARLY_FULL = 0.9;

/** How long an unused connection counts as new. Its first request may be in transit. */
const NEW_MS = 1000;

/** Connections without a running request, and since when, by `performance.now()`. */
type Group = Map<Socket, number>;

/** The connections of one remote address. Maps keep insertion order, so the oldest comes first. */
interface Peer {
  held: number;
  /** Connections that have never sent a request. */
  readonly unused: Group;
  /** Connections between two requests. */
  readonly idle: Group;
}

/**
 * Closes idle connections near the server's limit, so that one peer with many idle connections
 * cannot lock out others. Unused connections go first, then the longest idle, then new ones. Within
 * each group, the address with most connections loses one. A busy connection is never closed.
 */
export class IdleConnections implements ConnectionUse {
  readonly #peers = new Map<string, Peer>();
  readonly #addresses = new WeakMap<Socket, string>();
  #count = 0;

  constructor(private readonly newMs = NEW_MS) {}

  /** Watches the connections of `server`; reads its `maxConnections` each time. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#add(socket);
      if (this.#count > server.maxConnections * NEARLY_FULL) this.#closeOne(socket);
    });
  }

  begin(socket: Socket): void {
    const peer = this.#peerOf(socket);
    peer?.unused.delete(socket);
    peer?.idle.delete(socket);
  }

  end(socket: Socket): void {
    if (!socket.destroyed) this.#peerOf(socket)?.idle.set(socket, performance.now());
  }

  #add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const peer = this.#peers.get(address) ?? { held: 0, unused: new Map(), idle: new Map() };
    this.#peers.set(address, peer);
    this.#addresses.set(socket, address);
    this.#count += 1;
    peer.held += 1;
    peer.unused.set(socket, performance.now());
    socket.once('close', () => {
      this.#count -= 1;
      peer.held -= 1;
      peer.unused.delete(socket);
      peer.idle.delete(socket);
      if (peer.held === 0) this.#peers.delete(address);
    });
  }

  #peerOf(socket: Socket): Peer | undefined {
    return this.#peers.get(this.#addresses.get(socket) ?? '');
  }

  /** @param newest the connection that needs the space */
  #closeOne(newest: Socket): void {
    const notNewBeforeMs = performance.now() - this.newMs;
    const closable =
      this.#oldest(newest, ({ unused }) => unused, notNewBeforeMs) ??
      this.#oldest(newest, ({ idle }) => idle) ??
      this.#oldest(newest, ({ unused }) => unused);
    closable?.destroy();
  }

  /**
   * The oldest connection in the group of the address with most connections.
   *
   * @param beforeMs excludes connections that joined the group later, by `performance.now()`
   */
  #oldest(newest: Socket, groupOf: (peer: Peer) => Group, beforeMs = Infinity): Socket | undefined {
    let most = 0;
    let found: Socket | undefined;
    for (const peer of this.#peers.values()) {
      if (peer.held <= most) continue;
      const [oldest] = groupOf(peer);
      if (oldest === undefined || oldest[0] === newest || oldest[1] > beforeMs) continue;
      most = peer.held;
      found = oldest[0];
    }
    return found;
  }
}
