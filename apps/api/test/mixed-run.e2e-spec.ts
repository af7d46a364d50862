import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { operation } from './mixed-run/arbitraries.ts';
import { Caller } from './mixed-run/caller.ts';
import { Census } from './mixed-run/census.ts';
import { type Operation, TOKENS } from './mixed-run/operations.ts';
import { Stack } from './stack.ts';

const SEED = Number(process.env['MIXED_RUN_SEED'] ?? 20_261_124);
const CALLERS = 16;
const OPERATIONS_EACH = 10_000 / CALLERS;
const PAGE_SIZE = 7;
const SHARED = 'shared@contoso.com';
/** Possible statuses of each kind of action. */
const STATUSES = {
  create: [201, 400, 401, 403, 404],
  update: [200, 400, 401, 403, 404],
  delete: [204, 401, 403, 404],
  get: [200, 401, 403, 404],
  list: [200, 400, 401, 403, 404],
  count: [200, 400, 401, 403, 404],
};
const numbers = Array.from({ length: CALLERS }, (_, number) => number);
const ownBusiness = (number: number) => `caller-${number}@contoso.com`;

let stack: Stack;
let callers: readonly Caller[];
let differences: readonly Error[];

beforeAll(async () => {
  const businesses = [SHARED, ...numbers.map(ownBusiness)];
  // All parts of all batches can wait at the same time.
  const env = { MAILBOX_QUEUE_LIMIT: '200' };
  stack = await Stack.start(env, { businesses, idShape: 'base64', pageSize: PAGE_SIZE });
  const census = new Census();
  callers = await Promise.all(numbers.map((number) => caller(number, census)));
  const operations = fc.sample(operation, { seed: SEED, numRuns: CALLERS * OPERATIONS_EACH });
  const runs = await Promise.all(
    callers.map((each, number) => {
      const first = number * OPERATIONS_EACH;
      return run(each, number, operations.slice(first, first + OPERATIONS_EACH));
    }),
  );
  differences = runs.filter((each) => each !== undefined);
}, 600_000);

async function caller(number: number, census: Census): Promise<Caller> {
  const appId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const tokens = Object.entries(TOKENS).map(async ([name, { may: _, ...held }]) => {
    return [name, await stack.fake.issueToken({ appId, ...held })] as const;
  });
  return new Caller({
    stack,
    businesses: { own: ownBusiness(number), shared: SHARED, nowhere: 'nowhere@contoso.com' },
    pageSize: PAGE_SIZE,
    census,
    tokens: new Map(await Promise.all(tokens)),
  });
}

/** Performs operations until the first difference, and returns it. */
async function run(
  caller: Caller,
  number: number,
  operations: readonly Operation[],
): Promise<Error | undefined> {
  for (const [index, each] of operations.entries()) {
    try {
      await caller.perform(each);
    } catch (cause) {
      const which = `MIXED_RUN_SEED=${SEED}, caller ${number}, operation ${index}`;
      return new Error(`${which}: ${JSON.stringify(each)}`, { cause });
    }
  }
  return undefined;
}

/** Counts equal strings. */
function tally(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

describe('10,000 operations by 16 callers', () => {
  it('are answered as a model of the collection predicts', () => {
    if (differences.length > 0) throw new AggregateError(differences, `MIXED_RUN_SEED=${SEED}`);
  });

  it('cover every possible response', () => {
    const responses = Object.entries(STATUSES).flatMap(([kind, statuses]) =>
      statuses.map((status) => `${kind} ${status}`),
    );
    expect(new Set(callers.flatMap((each) => each.responses))).toEqual(new Set(responses));
  });

  it('leave in every business exactly the customers of the models', () => {
    const shared = stack.fake.customers(SHARED);
    for (const caller of callers) {
      expect(stack.fake.customers(caller.ownBusiness)).toEqual(caller.customers('own'));
      const ids = new Set(caller.customers('shared').map(({ id }) => id));
      expect(shared.filter(({ id }) => ids.has(id))).toEqual(caller.customers('shared'));
    }
    expect(shared).toHaveLength(callers.flatMap((each) => each.customers('shared')).length);
  });

  it('reach Graph exactly as predicted, at most four at a time for each business', () => {
    const { requests, peakByMailbox } = stack.fake.requests();
    const seen = requests.map(
      ({ method, business, status }) => `${method} ${business?.toLowerCase()} ${status}`,
    );
    expect(tally(seen)).toEqual(tally(callers.flatMap(({ reachedGraph }) => reachedGraph)));
    expect(Math.max(...Object.values(peakByMailbox))).toBe(4);
  });
});
