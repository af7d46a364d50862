import type { IncomingMessage } from 'node:http';
import { ConcurrencyCounter } from './concurrency-counter.ts';

/** One request that arrived at a Graph path. */
export interface JournalEntry {
  readonly method: string;
  /** Percent-encoded, with the query. */
  readonly path: string;
  /** The business of the path, percent-decoded, in the letter case of the request. */
  readonly business: string | null;
  /** Names in lower case; `authorization` is replaced by `[present]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** As text. Incomplete if the client disconnected. */
  readonly body: string;
  /** When the headers had arrived, in ISO 8601. */
  readonly at: string;
  /** The status of the response; null if there is none. */
  readonly status: number | null;
}

/** The body of `GET /__fake/requests`. */
export interface Journal {
  /** Only Graph requests, in order of arrival. */
  readonly requests: readonly JournalEntry[];
  /** The peak of concurrent requests for each business in lower case, including refused ones. */
  readonly peakByMailbox: Readonly<Record<string, number>>;
  /** The same for requests in work. Work goes on when the client has left. */
  readonly peakOfWorkByMailbox: Readonly<Record<string, number>>;
  readonly tokenRequests: number;
  readonly keySetRequests: number;
}

/** The entry of a request in progress. */
export interface OpenEntry extends JournalEntry {
  body: string;
  status: number | null;
  /** How often the journal had been deleted when the request arrived. */
  readonly generation: number;
}

/** Records requests and resolves the promises of `arrived`. */
export class Recorder {
  readonly mailboxes = new ConcurrencyCounter();
  readonly work: ConcurrencyCounter;
  tokenRequests = 0;
  keySetRequests = 0;
  readonly #keepsEntries: boolean;
  #entries: OpenEntry[] = [];
  #completed = 0;
  #generation = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  /**
   * @param keepsEntries whether the journal keeps the requests
   * @param work the requests in work by mailbox
   */
  constructor(keepsEntries: boolean, work: ConcurrencyCounter) {
    this.#keepsEntries = keepsEntries;
    this.work = work;
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
    if (this.#keepsEntries) this.#entries.push(entry);
    return entry;
  }

  /** Counts a request whose body is complete, or whose client disconnected. */
  complete(entry: OpenEntry): void {
    if (entry.generation !== this.#generation) return;
    const count = (this.#completed += 1);
    const ready = this.#waiting.filter((waiter) => waiter.count <= count);
    this.#waiting = this.#waiting.filter((waiter) => waiter.count > count);
    for (const waiter of ready) waiter.resolve();
  }

  /** Resolves when `count` requests have arrived completely since the last `forget`. */
  arrived(count: number): Promise<void> {
    if (this.#completed >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  journal(): Journal {
    return {
      requests: this.#entries.map(({ generation: _, ...entry }) => ({ ...entry })),
      peakByMailbox: this.mailboxes.peaks(),
      peakOfWorkByMailbox: this.work.peaks(),
      tokenRequests: this.tokenRequests,
      keySetRequests: this.keySetRequests,
    };
  }

  forget(): void {
    this.#entries = [];
    this.#completed = 0;
    this.#generation += 1;
    this.mailboxes.forgetPeaks();
    this.work.forgetPeaks();
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
