import type { ServerResponse } from 'node:http';
import type { Answer } from './graph-answer.ts';
import type { OpenEntry } from './journal.ts';

/** The way back to a peer that may have left; writes the status into the journal. */
export class GraphReply {
  readonly response: ServerResponse;
  readonly #entry: OpenEntry;

  constructor(response: ServerResponse, entry: OpenEntry) {
    this.response = response;
    this.#entry = entry;
    // Whoever writes sees that the peer left by `gone`; the event would end the process.
    response.on('error', () => undefined);
  }

  get gone(): boolean {
    return this.response.destroyed;
  }

  /** Sends status and headers; the body is the caller's business. */
  head(answer: Answer, headers: Readonly<Record<string, string>> = {}): void {
    if (this.gone) return;
    this.#entry.status = answer.status;
    this.response.writeHead(answer.status, { ...answer.headers, ...headers });
  }

  /** Sends the whole answer. */
  send(answer: Answer): void {
    this.head(answer);
    if (!this.gone) this.response.end(answer.body);
  }

  /** Ends the connection with a TCP reset. */
  reset(): void {
    this.response.socket?.resetAndDestroy();
  }
}
