import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MAX_RESPONSE_BYTES, MAX_PAGE_BYTES } from '@bookings/domain';
import fc from 'fast-check';
import { BatchBudget, ProcessBudget, type Release } from './response-budget.ts';

/** How many pages fit into the budget of a batch, and of the process. */
const PAGES = 4;
const ALL_PAGES = 16;

/** How many more pages fit. */
function freePages(process: ProcessBudget): number {
  let count = 0;
  while (process.reserve(MAX_PAGE_BYTES)) count += 1;
  process.release(count * MAX_PAGE_BYTES);
  return count;
}

function budgets() {
  const process = new ProcessBudget();
  const client = new AbortController();
  const batch = new BatchBudget(process, client.signal);
  const reserve = (count: number) =>
    Promise.all(Array.from({ length: count }, () => batch.reserve(MAX_PAGE_BYTES)));
  return { process, client, batch, reserve };
}

describe('the budget of a batch', () => {
  it('makes the next part wait until another releases enough', async () => {
    const { batch, reserve } = budgets();
    const releases = await reserve(PAGES);
    let isWaiting = true;
    const waited = batch.reserve(MAX_PAGE_BYTES).finally(() => {
      isWaiting = false;
    });
    releases[0]?.(MAX_RESPONSE_BYTES);
    await nextTurn();
    expect(isWaiting).toBe(true);
    releases[1]?.(MAX_RESPONSE_BYTES);
    await expect(waited).resolves.toBeInstanceOf(Function);
  });

  it('refuses a waiting part once complete responses leave no room', async () => {
    const { batch, reserve } = budgets();
    const releases = await reserve(PAGES);
    const waited = batch.reserve(MAX_PAGE_BYTES);
    for (const release of releases) release(MAX_PAGE_BYTES);
    await expect(waited).rejects.toMatchObject({ status: 413, outcome: undefined });
  });

  it('ends the waiting when the client disconnects', async () => {
    const { batch, client, reserve } = budgets();
    const releases = await reserve(PAGES);
    const waited = batch.reserve(MAX_PAGE_BYTES);
    client.abort(new Error('gone'));
    releases[0]?.(0);
    await expect(waited).rejects.toThrow('the client disconnected');
    await expect(batch.reserve(1)).rejects.toThrow('the client disconnected');
  });
});

describe('the budget of the process', () => {
  it('refuses a part at once when it is used up', async () => {
    const { process, batch } = budgets();
    process.reserve(ALL_PAGES * MAX_PAGE_BYTES - MAX_RESPONSE_BYTES);
    await expect(batch.reserve(MAX_PAGE_BYTES)).rejects.toMatchObject({
      status: 503,
      outcome: 'not-sent',
      headers: { 'Retry-After': '5' },
    });
    await expect(batch.reserve(MAX_RESPONSE_BYTES)).resolves.toBeInstanceOf(Function);
  });

  it('keeps the reservation of a running part after the client has disconnected', async () => {
    const { process, batch, reserve } = budgets();
    const releases = await reserve(2);
    releases[0]?.(MAX_PAGE_BYTES);
    batch.close();
    expect(freePages(process)).toBe(ALL_PAGES - 1);
    releases[1]?.(MAX_PAGE_BYTES);
    expect(freePages(process)).toBe(ALL_PAGES);
  });

  it('is released completely, however the parts end', async () => {
    const part = fc.record({
      maxBytes: fc.constantFrom(MAX_RESPONSE_BYTES, MAX_PAGE_BYTES),
      share: fc.double({ min: 0, max: 1.01, noNaN: true }),
      endsFirst: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 20 }), fc.nat(20), async (parts, closeAt) => {
        const { process, batch } = budgets();
        const running: (() => void)[] = [];
        const waiting = parts.map(async ({ maxBytes, share, endsFirst }, index) => {
          const release: Release | undefined = await batch.reserve(maxBytes).catch(() => undefined);
          expect(freePages(process)).toBeGreaterThanOrEqual(ALL_PAGES - PAGES - 1);
          if (index === closeAt) batch.close();
          if (!release) return;
          const end = () => {
            release(Math.floor(maxBytes * share));
          };
          if (endsFirst) end();
          else running.push(end);
        });
        const all = Promise.allSettled(waiting);
        const over = new AbortController();
        void all.then(() => {
          over.abort();
        });
        // A waiting part continues when a running one ends.
        while (!over.signal.aborted || running.length > 0) {
          running.shift()?.();
          await Promise.resolve();
        }
        expect((await all).every(({ status }) => status === 'fulfilled')).toBe(true);
        if (closeAt >= parts.length) batch.close();
        expect(freePages(process)).toBe(ALL_PAGES);
      }),
    );
  });
});
