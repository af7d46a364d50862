import { describe, expect, it } from '@jest/globals';
import { surplus } from './shares.ts';

interface Case {
  readonly held: number;
  readonly wanted?: number;
  /** What the replicas that wait hold. */
  readonly others: readonly number[];
  readonly othersWant?: number;
  readonly hasHadItsTurn?: boolean;
}

describe('a replica gives up', () => {
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
