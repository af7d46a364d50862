import { performance } from 'node:perf_hooks';
import {
  type BookingsGateway,
  type UpstreamResponse,
  type UpstreamRequest,
  foldBusinessId,
  isObject,
  parsedJson,
} from '@bookings/domain';
import type { CustomerList } from './lookup.ts';

/** Whom a listing is read for: whose identity goes up, and whose trail it leaves. */
export interface Asker {
  readonly business: string;
  readonly request: UpstreamRequest;
  /** In milliseconds of `performance.now()`: a list read from then on tells what happened. */
  readonly settledAtMs: number;
}

interface Reading {
  readonly begunAtMs: number;
  readonly listing: Promise<CustomerList>;
}

/** Where the links of a listing lead, of which only their query is used. */
const COLLECTION = 'https://listing.invalid/customers';
/** A link that leads on and on is no list. */
const MOST_PAGES = 10_000;

/**
 * Complete lists of the customers of a business, read one at a time per business. Whoever may go by
 * the one under way waits for it; the others wait for the next. A listing takes its places in the
 * mailbox's queue, and goes on when its asker leaves: another may be waiting for it.
 */
export class CustomerLists {
  readonly #readings = new Map<string, Reading>();
  readonly #closing = new AbortController();

  /** @param deadlineMs how long one page may take */
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly deadlineMs: number,
  ) {}

  /** @throws GraphError when the list cannot be read to its end */
  async complete(asker: Asker): Promise<CustomerList> {
    const mailbox = foldBusinessId(asker.business);
    for (;;) {
      const current = this.#readings.get(mailbox);
      if (!current) return this.#begin(mailbox, asker).listing;
      // Somebody else's list may fail for reasons of theirs.
      const listing = await current.listing.catch(() => undefined);
      if (listing && current.begunAtMs >= asker.settledAtMs) return listing;
      if (performance.now() >= asker.request.deadlineAtMs) throw new Error('nobody waits any more');
    }
  }

  close(): void {
    this.#closing.abort(new Error('the process is ending'));
  }

  #begin(mailbox: string, asker: Asker): Reading {
    const over = () => {
      if (this.#readings.get(mailbox) === reading) this.#readings.delete(mailbox);
    };
    const reading = { begunAtMs: performance.now(), listing: this.#read(asker) };
    this.#readings.set(mailbox, reading);
    reading.listing.then(over, over);
    return reading;
  }

  async #read({ business, request }: Asker): Promise<CustomerList> {
    // By id: what moves from page to page while they are read is there once.
    const customers = new Map<unknown, Record<string, unknown>>();
    let aheadMs: number | undefined;
    let query: string | undefined = '';
    for (let pages = 0; query !== undefined; pages += 1) {
      if (pages >= MOST_PAGES) throw new Error(`a list of more than ${MOST_PAGES} pages`);
      const up = this.#request(request);
      const page = await this.upstream.listCustomers(business, query, COLLECTION, up);
      if (pages === 0) aheadMs = aheadOfUsMs(page.date);
      const { value, next } = read(page);
      for (const customer of value) customers.set(customer['id'] ?? customer, customer);
      query = next;
    }
    return { customers: [...customers.values()], aheadMs };
  }

  /** Of the asker's only who asks: headers and deadline are the listing's own. */
  #request(asked: UpstreamRequest): UpstreamRequest {
    const { caller, callerToken, requestId, clientRequestId } = asked;
    return {
      caller,
      callerToken,
      requestId,
      clientRequestId,
      headers: {},
      deadlineAtMs: performance.now() + this.deadlineMs,
      signal: this.#closing.signal,
      trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    };
  }
}

/** By how much Graph's clock is ahead of ours; undefined when it did not tell. */
function aheadOfUsMs(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : ms - Date.now();
}

/** @throws TypeError for a page of which something would be left out */
function read({ body }: UpstreamResponse): {
  readonly value: readonly Record<string, unknown>[];
  readonly next: string | undefined;
} {
  const page = parsedJson(body);
  const value = isObject(page) ? page['value'] : undefined;
  if (!isObject(page) || !Array.isArray(value) || !value.every(isObject)) {
    throw new TypeError('a page with something else than customers');
  }
  const link = page['@odata.nextLink'];
  return { value, next: typeof link === 'string' ? link.slice(COLLECTION.length + 1) : undefined };
}
