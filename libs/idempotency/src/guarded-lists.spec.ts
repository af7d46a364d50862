import { performance } from 'node:perf_hooks';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { UpstreamRequest } from '@bookings/domain';
import type { ListRequest } from './customer-lists.ts';
import { GuardedLists, type GuardedListsOptions } from './guarded-lists.ts';
import type { CustomerList } from './lookup.ts';

const WINDOW = { sentAtMs: -Infinity, settledAtMs: Infinity };
const OPTIONS: GuardedListsOptions = { maxCustomers: 10, maxBusinesses: 3, maxAgeMs: 3_600_000 };
const REQUEST: UpstreamRequest = {
  caller: {
    kind: 'application',
    appId: 'app',
    tenantId: 'tenant',
    permissions: [],
    personal: false,
  },
  callerToken: '',
  requestId: '',
  clientRequestId: '',
  headers: {},
  deadlineAtMs: performance.now() + 3_600_000,
  signal: new AbortController().signal,
  trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
};

/** The businesses whose lists were read, in order. */
let read: string[];
beforeEach(() => {
  read = [];
});

/** @param sizes how many customers each business has; others have one */
function listsWith(sizes: Record<string, number> = {}, options = OPTIONS, request = REQUEST) {
  const source = {
    complete: async ({ business }: ListRequest): Promise<CustomerList> => {
      read.push(business);
      await Promise.resolve();
      if (business === 'broken' && read.length === 1) throw new Error('no permission');
      const customers = Array.from({ length: sizes[business] ?? 1 }, (_, id) => ({
        id,
        createdDateTime: '1970-01-01T00:00:00Z',
      }));
      return { customers, clockOffsetMs: Date.now() - performance.now() };
    },
  };
  const lists = new GuardedLists(source, options);
  const wanted = (business: string) => ({ business, request, notBeforeMs: 0 });
  return {
    list: (business: string, guard = 'guard', window = WINDOW) =>
      lists.complete(wanted(business), guard, window),
    expire: (business: string) => lists.expire(wanted(business)),
  };
}

describe('lists under guard', () => {
  it('are read once for a business, whatever the case of its id', async () => {
    const { list } = listsWith();
    await Promise.all([list('one'), list('ONE'), list('one')]);
    await list('oNe');
    expect(read).toEqual(['one']);
  });

  it('are read again under another guard', async () => {
    const { list } = listsWith();
    await Promise.all([list('one'), list('one', 'other')]);
    await list('one', 'third');
    expect(read).toHaveLength(3);
  });

  it('are read again by a request that waited for a reading that failed', async () => {
    const { list } = listsWith();
    const results = await Promise.allSettled([list('broken'), list('broken')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('are not waited for again after the deadline', async () => {
    const { list } = listsWith({}, OPTIONS, { ...REQUEST, deadlineAtMs: performance.now() });
    const results = await Promise.allSettled([list('broken'), list('broken')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(read).toHaveLength(1);
  });

  it('are kept with the customers of the window only', async () => {
    const { list } = listsWith();
    const nowMs = performance.now();
    const window = { sentAtMs: nowMs, settledAtMs: nowMs };
    expect((await list('one', 'guard', window)).customers).toEqual([]);
  });

  it('keep a bounded number of businesses, the last used ones', async () => {
    const { list } = listsWith();
    for (const business of ['one', 'two', 'three', 'one', 'four', 'one', 'three', 'two']) {
      await list(business);
    }
    expect(read).toEqual(['one', 'two', 'three', 'four', 'two']);
  });

  it('keep a bounded number of customers, and at least the last list', async () => {
    const { list } = listsWith({ large: 6, larger: 7, huge: 11 });
    for (const business of ['large', 'one', 'larger', 'one', 'huge', 'huge', 'larger']) {
      await list(business);
    }
    expect(read).toEqual(['large', 'one', 'larger', 'huge', 'larger']);
  });

  it('are read again where an old one settles nothing', async () => {
    const { list, expire } = listsWith({}, { ...OPTIONS, maxAgeMs: 0 });
    await list('one');
    expect(expire('one')).toBe(true);
    await list('one');
    expect(read).toHaveLength(2);
    const current = listsWith();
    await current.list('two');
    expect(current.expire('two')).toBe(false);
  });
});
