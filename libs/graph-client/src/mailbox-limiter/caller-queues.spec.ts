import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallerQueues } from './caller-queues.ts';

const CALLERS = ['a', 'b', 'c', 'd'];
const step = fc.record({
  caller: fc.constantFrom(...CALLERS),
  first: fc.boolean(),
  takes: fc.nat(2),
});

/** Queues after any history, with the items as strings. */
function queuesAfter(steps: readonly { caller: string; first: boolean; takes: number }[]) {
  const queues = new CallerQueues<string>();
  for (const [index, { caller, first, takes }] of steps.entries()) {
    queues.add(caller, `${caller}${index}`, first);
    for (let count = 1; count < takes; count += 1) queues.takeNext();
  }
  return queues;
}

function takeAll(queues: CallerQueues<string>): string[] {
  const taken: string[] = [];
  for (let item = queues.takeNext(); item; item = queues.takeNext()) taken.push(item);
  return taken;
}

describe('CallerQueues', () => {
  it('lists its items in the order in which it gives them', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const queues = queuesAfter(steps);
        const listed = [...queues.inOrder()];
        expect(listed).toHaveLength(queues.size);
        expect(takeAll(queues)).toEqual(listed);
      }),
    );
  });

  it('knows how many go before one that is added now', () => {
    fc.assert(
      fc.property(fc.array(step), step, (steps, { caller, first }) => {
        const queues = queuesAfter(steps);
        const ahead = queues.ahead(caller, first);
        queues.add(caller, 'new', first);
        expect(takeAll(queues).indexOf('new')).toBe(ahead);
      }),
    );
  });

  it('finds the newest item of the longest queue only if that has two more', () => {
    const queues = new CallerQueues<string>();
    queues.add('a', 'a1', false);
    expect([queues.newestOfLongest('b'), queues.newestOfLongest('a')]).toEqual([
      undefined,
      undefined,
    ]);
    queues.add('a', 'a2', false);
    expect([queues.newestOfLongest('b'), queues.newestOfLongest('a')]).toEqual(['a2', undefined]);
  });

  it('ignores an item that is not there', () => {
    const queues = new CallerQueues<string>();
    queues.add('a', 'a1', false);
    queues.remove('a', 'x');
    queues.remove('b', 'a1');
    expect([queues.size, [...queues.inOrder()]]).toEqual([1, ['a1']]);
    queues.remove('a', 'a1');
    expect([queues.size, queues.takeNext()]).toEqual([0, undefined]);
  });
});
