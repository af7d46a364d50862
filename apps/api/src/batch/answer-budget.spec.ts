import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MAX_ANSWER_BYTES, MAX_PAGE_BYTES } from '@bookings/domain';
import fc from 'fast-check';
import { BatchBudget, ProcessBudget, type Settle } from './answer-budget.ts';

/** How many pages find room in one batch, and in the process. */
const PAGES = 4;
const ALL_PAGES = 16;

/** How many pages find room now. */
function freePages(process: ProcessBudget): number {
  let count = 0;
  while (process.take(MAX_PAGE_BYTES)) count += 1;
  process.giveBack(count * MAX_PAGE_BYTES);
  return count;
}

function budgets() {
  const process = new ProcessBudget();
  const caller = new AbortController();
  const batch = new BatchBudget(process, caller.signal);
  const reserve = (count: number) =>
    Promise.all(Array.from({ length: count }, () => batch.reserve(MAX_PAGE_BYTES)));
  return { process, caller, batch, reserve };
}

describe('a batch whose room is reserved', () => {
  it('lets the next part wait until another leaves enough', async () => {
    const { batch, reserve } = budgets();
    const settles = await reserve(PAGES);
    let isWaiting = true;
    const waited = batch.reserve(MAX_PAGE_BYTES).finally(() => {
      isWaiting = false;
    });
    settles[0]?.(MAX_ANSWER_BYTES);
    await nextTurn();
    expect(isWaiting).toBe(true);
    settles[1]?.(MAX_ANSWER_BYTES);
    await expect(waited).resolves.toBeInstanceOf(Function);
  });

  it('refuses one that waits as soon as the answers alone leave no room', async () => {
    const { batch, reserve } = budgets();
    const settles = await reserve(PAGES);
    const waited = batch.reserve(MAX_PAGE_BYTES);
    for (const settle of settles) settle(MAX_PAGE_BYTES);
    await expect(waited).rejects.toMatchObject({ status: 413, outcome: undefined });
  });

  it('lets none wait whose caller has left', async () => {
    const { batch, caller, reserve } = budgets();
    const settles = await reserve(PAGES);
    const waited = batch.reserve(MAX_PAGE_BYTES);
    caller.abort(new Error('gone'));
    settles[0]?.(0);
    await expect(waited).rejects.toThrow('the client disconnected');
    await expect(batch.reserve(1)).rejects.toThrow('the client disconnected');
  });
});

describe('the room of the process', () => {
  it('is refused at once when there is none', async () => {
    const { process, batch } = budgets();
    process.take(ALL_PAGES * MAX_PAGE_BYTES - MAX_ANSWER_BYTES);
    await expect(batch.reserve(MAX_PAGE_BYTES)).rejects.toMatchObject({
      status: 503,
      outcome: 'not-sent',
      headers: { 'Retry-After': '5' },
    });
    await expect(batch.reserve(MAX_ANSWER_BYTES)).resolves.toBeInstanceOf(Function);
  });

  it('is taken for a part that is under way also when its caller has left', async () => {
    const { process, batch, reserve } = budgets();
    const settles = await reserve(2);
    settles[0]?.(MAX_PAGE_BYTES);
    batch.close();
    expect(freePages(process)).toBe(ALL_PAGES - 1);
    settles[1]?.(MAX_PAGE_BYTES);
    expect(freePages(process)).toBe(ALL_PAGES);
  });

  it('is all there again, whatever the parts were and however they ended', async () => {
    const part = fc.record({
      maxBytes: fc.constantFrom(MAX_ANSWER_BYTES, MAX_PAGE_BYTES),
      share: fc.double({ min: 0, max: 1.01, noNaN: true }),
      endsFirst: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 20 }), fc.nat(20), async (parts, closeAt) => {
        const { process, batch } = budgets();
        const underWay: (() => void)[] = [];
        const waiting = parts.map(async ({ maxBytes, share, endsFirst }, index) => {
          const settle: Settle | undefined = await batch.reserve(maxBytes).catch(() => undefined);
          expect(freePages(process)).toBeGreaterThanOrEqual(ALL_PAGES - PAGES - 1);
          if (index === closeAt) batch.close();
          if (!settle) return;
          const end = () => {
            settle(Math.floor(maxBytes * share));
          };
          if (endsFirst) end();
          else underWay.push(end);
        });
        const all = Promise.allSettled(waiting);
        const over = new AbortController();
        void all.then(() => {
          over.abort();
        });
        // What waits goes on when something that is under way has ended.
        while (!over.signal.aborted || underWay.length > 0) {
          underWay.shift()?.();
          await Promise.resolve();
        }
        expect((await all).every(({ status }) => status === 'fulfilled')).toBe(true);
        if (closeAt >= parts.length) batch.close();
        expect(freePages(process)).toBe(ALL_PAGES);
      }),
    );
  });
});
