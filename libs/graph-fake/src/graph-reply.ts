import type { ServerResponse } from 'node:http';
import type { GraphResponse } from './graph-response.ts';
import type { OpenEntry } from './journal.ts';
import type { Work } from './mailbox-work.ts';

/** A response to a client that may have disconnected. Records the status in the journal. */
export class GraphReply {
  readonly response: ServerResponse;
  readonly #entry: OpenEntry;
  readonly #work: Work;
  readonly #closed: Promise<void>;

  constructor(response: ServerResponse, entry: OpenEntry, work: Work) {
    this.response = response;
    this.#entry = entry;
    this.#work = work;
    this.#closed = new Promise((resolve) => {
      response.once('close', resolve);
    });
    // `gone` reports a disconnect. An unhandled error event would end the process.
    response.on('error', () => undefined);
  }

  get gone(): boolean {
    return this.response.destroyed;
  }

  /** Sends status and headers without the body. */
  head(response: GraphResponse, headers: Readonly<Record<string, string>> = {}): void {
    if (this.gone) return;
    this.#entry.status = response.status;
    this.response.writeHead(response.status, { ...response.headers, ...headers });
  }

  /** Sends the complete response. The work ends before, so that it is over when the client has it. */
  send(response: GraphResponse): void {
    this.#work.end();
    this.head(response);
    if (!this.gone) this.response.end(response.body);
  }

  /** Resolves when the connection is closed. */
  closed(): Promise<void> {
    return this.#closed;
  }

  /** Ends the connection with a TCP reset. */
  reset(): void {
    this.response.socket?.resetAndDestroy();
  }
}
