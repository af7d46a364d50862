import { describe, expect, it } from '@jest/globals';
import { type Run, runProxy, runSdkThroughProxy } from './history/history-run.ts';
import { details, exceedsWorkLimit } from './history/report.ts';
import { STORES, type StoreName } from './history/stores.ts';

const SEED = Number(process.env['HISTORY_SEED'] ?? Date.now() % 2 ** 31);
const CREATES = 300;
const CREATES_BY_SDK = 60;
const KILLS = 2;
const NAMES = Object.keys(STORES).filter((name): name is StoreName => Object.hasOwn(STORES, name));

/** Throws an error with the seed and every violation. */
function expectNoViolations(run: Run): void {
  if (run.violations.length > 0 || exceedsWorkLimit(run))
    throw new Error(`HISTORY_SEED=${SEED}\n${details(run)}`);
}

// `npm run history` runs a longer form.
describe(`${CREATES} creates with a key, with faults and ${KILLS} kills`, () => {
  it.each(NAMES)(
    'happen exactly once with %s',
    async (store) => {
      const options = { seed: SEED, creates: CREATES, kills: KILLS, concurrency: 48 };
      const run = await runProxy(store, options).catch((cause: unknown) => {
        throw new Error(`HISTORY_SEED=${SEED}`, { cause });
      });
      expectNoViolations(run);
      // The run must contain enough faults to be meaningful.
      const { created, refused, stored } = run.figures;
      expect([created + refused, stored, run.kills]).toEqual([CREATES, created, KILLS]);
      expect(created).toBeGreaterThan(CREATES * 0.9);
      expect(run.faults).toBeGreaterThan(CREATES / 20);
      expect([...run.tally.keys()]).toEqual(expect.arrayContaining(['created', '409 in use']));
    },
    600_000,
  );
});

describe('creates with a key, with faults, a kill and a store that is restored from a copy', () => {
  it.each(NAMES)(
    'happen exactly once with %s',
    async (store) => {
      const options = { seed: SEED, creates: CREATES / 2, kills: 1, restores: 1, concurrency: 48 };
      const run = await runProxy(store, options).catch((cause: unknown) => {
        throw new Error(`HISTORY_SEED=${SEED}`, { cause });
      });
      expectNoViolations(run);
      expect(run.figures.created).toBeGreaterThan((CREATES / 2) * 0.9);
    },
    300_000,
  );
});

// Equal creates of several callers may get one customer, so only surplus customers are counted.
describe("creates by Microsoft's SDK without a key, with faults and a kill", () => {
  it.each(NAMES)(
    'make no customer twice with %s',
    async (store) => {
      const run = await runSdkThroughProxy(store, {
        seed: SEED,
        creates: CREATES_BY_SDK,
        kills: 1,
        concurrency: 48,
      }).catch((cause: unknown) => {
        throw new Error(`HISTORY_SEED=${SEED}`, { cause });
      });
      const { duplicates, storedAlthoughRefused, created } = run.figures;
      if (duplicates + storedAlthoughRefused > 0 || exceedsWorkLimit(run)) {
        throw new Error(`HISTORY_SEED=${SEED}\n${details(run)}`);
      }
      expect(created).toBeGreaterThan(CREATES_BY_SDK * 0.8);
      // One request in six has a fault. With fewer creates, some seeds have none.
      expect(run.faults).toBeGreaterThan(0);
    },
    600_000,
  );
});
