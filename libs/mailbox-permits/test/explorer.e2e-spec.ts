import { describe, expect, it } from '@jest/globals';
import { withTaken } from '../src/held-permits.ts';
import { Explorer, type Protocol, PROTOCOL, type Scenario } from '../src/testing/explorer.ts';
import { contactRows, takeRows } from '../src/testing/rows-model.ts';

const BOTH = [0, 1];
const nothing = { request: 3, outage: 0, crash: 0, slow: 0, loss: 0, stall: 4 };
const scenarios = {
  'slow statements': {
    concurrency: 1,
    outageOf: [],
    isPlain: false,
    comesBackApart: false,
    left: { ...nothing, request: 2, slow: 1 },
    cutOffAlone: false,
  },
  'a crash': {
    concurrency: 1,
    outageOf: [],
    isPlain: false,
    comesBackApart: false,
    left: { ...nothing, request: 2, crash: 1 },
    cutOffAlone: false,
  },
  'a lost answer': {
    concurrency: 1,
    outageOf: [],
    isPlain: false,
    comesBackApart: false,
    left: { ...nothing, request: 2, slow: 1, loss: 1, stall: 1 },
    cutOffAlone: false,
  },
  'a database that goes and comes for both': {
    concurrency: 2,
    outageOf: BOTH,
    isPlain: true,
    comesBackApart: false,
    left: { ...nothing, outage: 1, stall: 1 },
    cutOffAlone: false,
  },
  // A process that is cut off alone adds at most its own share.
  'a database that goes and comes for one': {
    concurrency: 2,
    outageOf: [0],
    isPlain: true,
    comesBackApart: false,
    left: { ...nothing, outage: 1, stall: 1 },
    cutOffAlone: true,
  },
  'a database that comes for one after the other': {
    concurrency: 2,
    outageOf: BOTH,
    isPlain: true,
    comesBackApart: true,
    left: { ...nothing, outage: 1, stall: 1 },
    cutOffAlone: true,
  },
} satisfies Record<string, Scenario>;
type Name = keyof typeof scenarios;

describe('the protocol of permits', () => {
  it.each(Object.entries(scenarios))('keeps the limit: %s', (_title, scenario) => {
    const { violation, worlds, peak } = new Explorer(PROTOCOL, scenario).explore();
    expect(violation).toBeUndefined();
    expect(worlds).toBeGreaterThan(1000);
    // The limit is used.
    expect(peak).toBeGreaterThanOrEqual(scenario.concurrency);
  });
});

const wrong: readonly (readonly [string, Name, Partial<Protocol>])[] = [
  [
    'a place is freed when the caller leaves',
    'slow statements',
    { freeAfterAbortMs: (now) => now },
  ],
  [
    'a lease is renewed after it has ended',
    'slow statements',
    {
      withoutEnded: (holding) => holding,
      contactRows: (rows, sender, held, limits, nowMs) => ({
        ...contactRows(rows, sender, held, limits, nowMs),
        renewed: held,
      }),
    },
  ],
  [
    'a slot is given up no matter who has it',
    'slow statements',
    {
      giveRows: (rows, _sender, given) => ({
        ...rows,
        permits: rows.permits.filter((row) => !given.some(({ slot }) => slot === row.slot)),
      }),
    },
  ],
  [
    'the lease is counted from the answer',
    'slow statements',
    {
      withTaken: (holding, taken, times, sentAtMs) =>
        withTaken(holding, taken, times, sentAtMs + 4000),
    },
  ],
  [
    'the rows of a process are counted, and not its permits',
    'slow statements',
    {
      takeRows: (rows, sender, asked, limits, nowMs) => {
        const own = rows.permits.filter(({ process }) => process === sender.process);
        return takeRows({ ...rows, permits: own }, sender, asked, limits, nowMs);
      },
    },
  ],
  [
    'an own share begins with the first failure',
    'a database that goes and comes for both',
    {
      allowanceAt: (access, times, share, nowMs) =>
        access.failedAtMs === undefined
          ? PROTOCOL.allowanceAt(access, times, share, nowMs)
          : { atMost: share, needsPermit: false },
    },
  ],
  [
    'the rows are used at once after an outage',
    'a database that goes and comes for both',
    {
      contactRows: (rows, sender, held, limits, nowMs) => {
        const done = contactRows(rows, sender, held, limits, nowMs);
        return { ...done, rows: { ...done.rows, recoveringUntilMs: 0 } };
      },
    },
  ],
  [
    'a late statement frees what a later one has taken',
    'a lost answer',
    {
      contactRows: (rows, sender, held, limits, nowMs) =>
        contactRows(rows, { ...sender, connection: Infinity }, held, limits, nowMs),
    },
  ],
];

describe('a protocol in which', () => {
  it.each(wrong)('%s exceeds the limit', (_title, name, change) => {
    const { violation } = new Explorer({ ...PROTOCOL, ...change }, scenarios[name]).explore();
    expect(violation).toBeDefined();
  });
});
