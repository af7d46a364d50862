import { describe, expect, it } from '@jest/globals';
import { details } from './history/report.ts';
import { type Run, runProxy } from './history/run.ts';
import { STORES, type StoreName } from './history/stores.ts';

const SEED = Number(process.env['HISTORY_SEED'] ?? Date.now() % 2 ** 31);
const CREATES = 1000;
const KILLS = 2;
const NAMES = Object.keys(STORES).filter((name): name is StoreName => Object.hasOwn(STORES, name));

/** Throws what was broken, with the seed. */
function mustHold(run: Run): void {
  if (run.violations.length > 0) throw new Error(`HISTORY_SEED=${SEED}\n${details(run)}`);
}

// The long form, and more about it: `npm run history`.
describe(`${CREATES} keyed creates, with faults and ${KILLS} kills`, () => {
  it.each(NAMES)(
    'happen once each with %s',
    async (store) => {
      const options = { seed: SEED, creates: CREATES, kills: KILLS, concurrency: 48 };
      const run = await runProxy(store, options).catch((cause: unknown) => {
        throw new Error(`HISTORY_SEED=${SEED}`, { cause });
      });
      mustHold(run);
      // Else it would say little.
      const { created, refused, stored } = run.figures;
      expect([created + refused, stored, run.kills]).toEqual([CREATES, created, KILLS]);
      expect(created).toBeGreaterThan(CREATES * 0.9);
      expect(run.faults).toBeGreaterThan(CREATES / 20);
      expect([...run.tally.keys()]).toEqual(expect.arrayContaining(['created', '409 in use']));
    },
    180_000,
  );
});
