import { performance } from 'node:perf_hooks';
import {
  type BookingsGateway,
  foldBusinessId,
  isObject,
  parseJson,
  type UpstreamRequest,
  type UpstreamResponse,
} from '@bookings/domain';
import type { CustomerList } from './lookup.ts';

export interface ListRequest {
  readonly business: string;
  /** Its caller, ids and deadline apply to the list. */
  readonly request: UpstreamRequest;
  /** In milliseconds of `performance.now()`: a list that was begun earlier is not current enough. */
  readonly notBeforeMs: number;
}

interface Reading {
  readonly startedAtMs: number;
  readonly list: Promise<CustomerList>;
}

/** The base of the links between pages. Only their query is used. */
const COLLECTION = 'https://listing.invalid/customers';
/** A bound for links that never end. */
const MAX_PAGES = 10_000;

/**
 * Reads complete customer lists, one at a time per business. Requests share the list that is being
 * read if it is current enough, and wait for the next one otherwise. A client disconnect does not
 * cancel the reading, because other requests may wait for it.
 */
export class CustomerLists {
  readonly #readings = new Map<string, Reading>();
  readonly #closing = new AbortController();

  /** @param deadlineMs how long one page may take */
  constructor(
    private readonly upstream: Pick<BookingsGateway, 'listCustomers'>,
    private readonly deadlineMs: number,
  ) {}

  /** @throws GraphError when a page cannot be read */
  async complete(wanted: ListRequest): Promise<CustomerList> {
    const mailbox = foldBusinessId(wanted.business);
    for (;;) {
      const current = this.#readings.get(mailbox);
      if (!current) return this.#start(mailbox, wanted).list;
      // The failure may be specific to the other caller, for example a missing permission.
      const list = await current.list.catch(() => undefined);
      if (list && current.startedAtMs >= wanted.notBeforeMs) return list;
      if (performance.now() >= wanted.request.deadlineAtMs) {
        throw new Error('the deadline passed while another list was read');
      }
    }
  }

  close(): void {
    this.#closing.abort(new Error('the process is ending'));
  }

  #start(mailbox: string, wanted: ListRequest): Reading {
    const remove = () => {
      if (this.#readings.get(mailbox) === reading) this.#readings.delete(mailbox);
    };
    const reading = { startedAtMs: performance.now(), list: this.#read(wanted) };
    this.#readings.set(mailbox, reading);
    reading.list.then(remove, remove);
    return reading;
  }

  async #read({ business, request }: ListRequest): Promise<CustomerList> {
    // Keyed by id, because a customer may move to another page while the pages are read.
    const customers = new Map<unknown, Record<string, unknown>>();
    let clockOffsetMs: number | undefined;
    let query: string | undefined = '';
    for (let pages = 0; query !== undefined; pages += 1) {
      if (pages >= MAX_PAGES) throw new Error(`the list has more than ${MAX_PAGES} pages`);
      const upstreamRequest = this.#pageRequest(request);
      const page = await this.upstream.listCustomers(business, query, COLLECTION, upstreamRequest);
      if (pages === 0) clockOffsetMs = clockOffsetOf(page.date);
      const { value, next } = parsePage(page);
      for (const customer of value) customers.set(customer['id'] ?? customer, customer);
      query = next;
    }
    return { customers: [...customers.values()], clockOffsetMs };
  }

  /** Keeps the caller, the ids and the trace. Headers, deadline and signal are those of the list. */
  #pageRequest(create: UpstreamRequest): UpstreamRequest {
    const { caller, callerToken, requestId, clientRequestId, spans } = create;
    return {
      caller,
      callerToken,
      requestId,
      clientRequestId,
      spans,
      headers: {},
      deadlineAtMs: performance.now() + this.deadlineMs,
      signal: this.#closing.signal,
      trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    };
  }
}

/** Graph's clock minus `performance.now()`, by the `Date` of a response that has just arrived. */
export function clockOffsetOf(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : ms - performance.now();
}

/** @throws TypeError when an entry is not an object: a partial list would be wrong */
function parsePage({ body }: UpstreamResponse): {
  readonly value: readonly Record<string, unknown>[];
  readonly next: string | undefined;
} {
  const page = parseJson(body);
  const value = isObject(page) ? page['value'] : undefined;
  if (!isObject(page) || !Array.isArray(value) || !value.every(isObject)) {
    throw new TypeError('the page is not a list of customers');
  }
  const link = page['@odata.nextLink'];
  return { value, next: typeof link === 'string' ? nextQuery(link) : undefined };
}

/** The query as it is, except that what no request line can hold is percent-encoded. */
function nextQuery(link: string): string {
  const query = link.slice(COLLECTION.length + 1).toWellFormed();
  return query.replaceAll(/[^!-~]+/g, encodeURIComponent);
}
