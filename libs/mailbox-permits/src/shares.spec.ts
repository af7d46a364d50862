import { describe, expect, it } from '@jest/globals';
import { nextReplica, surplus, type WaitingReplica } from './shares.ts';

const waits = (wanted: number, held: number, waitedMs = 0): WaitingReplica => ({
  process: `${wanted}-${held}-${waitedMs}`,
  wanted,
  held,
  waitedMs,
});

describe('what a replica gives up after its turn', () => {
  it.each([
    ['nothing when no one waits', { wanted: 9, held: 4 }, [], 0],
    ['nothing for one that has enough', { wanted: 9, held: 2 }, [waits(2, 2)], 0],
    ['what it does not need', { wanted: 1, held: 4 }, [waits(2, 0)], 2],
    ['no more than it does not need', { wanted: 3, held: 4 }, [waits(9, 0)], 1],
    ['half for one that waits', { wanted: 9, held: 4 }, [waits(9, 0)], 2],
    ['nothing when shares are equal', { wanted: 9, held: 2 }, [waits(9, 2)], 0],
    ['no more than is missing', { wanted: 9, held: 4 }, [waits(1, 0)], 1],
    ['what does not divide evenly', { wanted: 9, held: 2 }, [waits(9, 1), waits(9, 1)], 1],
    ['nothing of a smallest share', { wanted: 9, held: 1 }, [waits(9, 2), waits(9, 1)], 0],
    ['its last one when there are too few', { wanted: 9, held: 1 }, [waits(9, 0)], 1],
    ['nothing when it has less than its share', { wanted: 9, held: 3 }, [waits(9, 7)], 0],
  ])('is %s', (_title, own, waiting, expected) => {
    expect(surplus({ ...own, hasHadItsTurn: true }, waiting)).toBe(expected);
  });
});

describe('the next permit', () => {
  it('is for the replica with fewest, then for the one that has waited longest', () => {
    expect(nextReplica([waits(9, 1, 500), waits(9, 0, 10), waits(9, 0, 20)])?.waitedMs).toBe(20);
  });

  it('is for none that has enough', () => {
    expect(nextReplica([waits(2, 2), waits(0, 0)])).toBeUndefined();
  });
});

interface Case {
  readonly held: number;
  readonly wanted?: number;
  /** What the replicas that wait hold. */
  readonly others: readonly number[];
  readonly othersWant?: number;
  readonly hasHadItsTurn?: boolean;
}

describe('a replica gives up, in its turn or after it,', () => {
  it.each<[string, Case, number]>([
    ['nothing while no other waits', { held: 4, others: [] }, 0],
    ['all above an equal share at once', { held: 4, others: [0] }, 2],
    ['all above an equal share, rounded up, at once', { held: 4, others: [0, 0] }, 2],
    ['nothing that is due to it for a time slice', { held: 2, others: [1, 1] }, 0],
    ['what goes round after its time slice', { held: 2, others: [1, 1], hasHadItsTurn: true }, 1],
    ['nothing of an equal share', { held: 1, others: [1, 2], hasHadItsTurn: true }, 0],
    ['nothing when it holds less than its share', { held: 0, others: [3] }, 0],
    ['what it does not want', { held: 3, wanted: 1, others: [1] }, 2],
    ['no more than the others want', { held: 3, wanted: 0, others: [1], othersWant: 2 }, 1],
  ])('%s', (_what, { held, wanted = 9, others, othersWant = 9, hasHadItsTurn = false }, given) => {
    const waiting = others.map((each, index) => ({
      ...{ process: String(index), wanted: othersWant, held: each, waitedMs: 0 },
    }));
    expect(surplus({ held, wanted, hasHadItsTurn }, waiting)).toBe(given);
  });
});
