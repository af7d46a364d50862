import type { IncomingMessage } from 'node:http';
import { Simultaneous } from './simultaneous.ts';

/** One request that arrived at a Graph path. */
export interface JournalEntry {
  readonly method: string;
  /** As it came: percent-encoded, with its query. */
  readonly path: string;
  /** The business of the path, percent-decoded and in the letter case that came. */
  readonly business: string | null;
  /** Names in lower case; `authorization` is replaced by `[present]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** As text; what came of it when the peer left before its end. */
  readonly body: string;
  /** ISO 8601, when the headers had arrived. */
  readonly at: string;
  /** The status that was answered; null while, and when, none was. */
  readonly status: number | null;
}

/** What `GET /__fake/requests` answers. */
export interface Journal {
  /** Graph requests alone, in order of arrival. */
  readonly requests: readonly JournalEntry[];
  /** The most requests at a time for each business (lower case), refused ones included. */
  readonly peakByMailbox: Readonly<Record<string, number>>;
  readonly tokenRequests: number;
  readonly keySetRequests: number;
}

/** An entry while its request is under way. */
export interface OpenEntry extends JournalEntry {
  body: string;
  status: number | null;
  /** How often everything had been forgotten when it arrived. */
  readonly generation: number;
}

/** Writes down what arrives, and tells who waits for it. */
export class Recorder {
  readonly mailboxes = new Simultaneous();
  tokenRequests = 0;
  keySetRequests = 0;
  readonly #keeps: boolean;
  #entries: OpenEntry[] = [];
  #completed = 0;
  #generation = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  /** @param keeps whether the journal will have what arrives */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  arrive(request: IncomingMessage, business: string | null): OpenEntry {
    const entry = {
      method: request.method ?? '',
      path: request.url ?? '',
      business,
      headers: readableHeaders(request),
      body: '',
      at: new Date().toISOString(),
      status: null,
      generation: this.#generation,
    };
    if (this.#keeps) this.#entries.push(entry);
    return entry;
  }

  /** The body is in, or the peer left: the entry counts for those who wait. */
  complete(entry: OpenEntry): void {
    if (entry.generation !== this.#generation) return;
    const count = (this.#completed += 1);
    const ready = this.#waiting.filter((waiter) => waiter.count <= count);
    this.#waiting = this.#waiting.filter((waiter) => waiter.count > count);
    for (const waiter of ready) waiter.resolve();
  }

  /** Resolves once so many requests have arrived with their bodies since the last `forget`. */
  arrived(count: number): Promise<void> {
    if (this.#completed >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  journal(): Journal {
    return {
      requests: this.#entries.map(({ generation: _, ...entry }) => ({ ...entry })),
      peakByMailbox: this.mailboxes.peaks(),
      tokenRequests: this.tokenRequests,
      keySetRequests: this.keySetRequests,
    };
  }

  forget(): void {
    this.#entries = [];
    this.#completed = 0;
    this.#generation += 1;
    this.mailboxes.forgetPeaks();
    this.tokenRequests = 0;
    this.keySetRequests = 0;
  }
}

function readableHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue;
    headers[name] = name === 'authorization' ? '[present]' : String(value);
  }
  return headers;
}
