import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { BookingCustomer, type UpstreamResponse } from '@bookings/domain';
import { ClientDisconnect } from './client-disconnect.ts';
import { CustomerLists } from './customer-lists.ts';
import { Moment } from './moment.ts';
import { Reconciler } from './reconciler.ts';
import { StoreSecret } from './store-secret.ts';
import { MemoryStore } from './testing/memory-store.ts';

const HOUR_MS = 3_600_000;
/** Longer than the tolerance of clocks. */
const REPLY_MS = 2 * 60_000;
const customer = Object.assign(new BookingCustomer(), { displayName: 'Joni Sherman' });

afterEach(() => {
  jest.restoreAllMocks();
});

/** Sets the wall clock of this process. Elapsed time goes on as before. */
function setWallClock(ms: number): void {
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

/** Two pages of a list with the customer on the second, as Graph sends them. */
function pages(graphNowMs: number, createdAtMs: number): [UpstreamResponse, UpstreamResponse] {
  const page = (body: object) => ({
    status: 200,
    body: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json',
    headers: {},
    requestId: undefined,
    date: new Date(graphNowMs).toUTCString(),
  });
  const listed = {
    id: 'c',
    displayName: 'Joni Sherman',
    createdDateTime: new Date(createdAtMs).toISOString(),
  };
  const next = 'https://listing.invalid/customers?page=2';
  return [page({ value: [], '@odata.nextLink': next }), page({ value: [listed] })];
}

/**
 * Looks a customer up that was created 10 minutes ago.
 *
 * @param steps called before the attempt is looked up, and before each page of the list
 * @param askedAt when the store was asked for the lookup
 */
async function lookUp(
  sentAgoMs: number,
  steps: readonly (() => void)[],
  askedAt = new Moment(),
): Promise<string> {
  const graphNowMs = Date.now();
  const [first, second] = pages(graphNowMs, graphNowMs - 10 * 60_000);
  const acquiredAt = new Moment();
  const [beforeLookup, beforeFirst, beforeSecond] = steps;
  beforeLookup?.();
  const gateway = {
    listCustomers: (_business: string, query: string) => {
      (query === '' ? beforeFirst : beforeSecond)?.();
      return Promise.resolve(query === '' ? first : second);
    },
  };
  const signal = new AbortController().signal;
  const reconciler = new Reconciler(new CustomerLists(gateway, 5000), {
    settleMs: 0,
    deadlineMs: 5000,
  });
  const nowMs = 1_000_000_000;
  const { kind } = await reconciler.reconcile({
    business: 'shop@contoso.com',
    customer,
    request: {
      caller: {
        kind: 'application',
        appId: 'app',
        tenantId: 'tenant',
        permissions: [],
        personal: false,
      },
      callerToken: '',
      requestId: 'request',
      clientRequestId: 'client-request',
      headers: {},
      deadlineAtMs: performance.now() + 5000,
      signal,
      trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    },
    store: new MemoryStore(),
    secret: new StoreSecret('a secret of the tests'),
    disconnect: new ClientDisconnect(signal),
    lookup: {
      nowMs,
      sentAtMs: nowMs - sentAgoMs,
      abandonedAtMs: nowMs - sentAgoMs,
      unknownDuplicates: 0,
      guarded: false,
      customer: undefined,
    },
    askedAt,
    acquiredAt,
    isWindowClosed: false,
  });
  return kind;
}

const none = () => undefined;
const ahead = () => {
  setWallClock(HOUR_MS);
};
const back = () => {
  setWallClock(-HOUR_MS);
};

describe('a lookup', () => {
  it.each([
    ['finds the customer of an attempt before it', 11 * 60_000, 'found'],
    ['finds no customer from before the attempt', 9 * 60_000, 'none'],
  ])('%s', async (_title, sentAgoMs, kind) => {
    expect(await lookUp(sentAgoMs, [])).toBe(kind);
  });

  it.each([
    ['ahead before it', [ahead]],
    ['back before it', [back]],
    ['ahead before the list', [none, ahead]],
    ['back before the list', [none, back]],
    ['ahead between two pages', [none, none, ahead]],
    ['back between two pages', [none, none, back]],
  ])('finds the customer when the wall clock is set %s', async (_title, steps) => {
    expect(await lookUp(11 * 60_000, steps)).toBe('found');
  });

  it('reaches back by the time that the store took to reply', async () => {
    let passedMs = 0;
    const askedAt = new Moment({ elapsedMs: () => passedMs, wallMs: () => 0 });
    passedMs = REPLY_MS;
    expect(await lookUp(9 * 60_000, [], askedAt)).toBe('found');
  });

  it('reaches back by the time for which the machine has slept', async () => {
    expect(
      await lookUp(5 * 60_000, [
        () => {
          setWallClock(6 * 60_000);
        },
      ]),
    ).toBe('found');
  });
});
