import { randomUUID } from 'node:crypto';
import type { Load, NextRequest } from '../load.ts';
import { number } from '../report.ts';
import { keyed, Requests } from '../requests.ts';
import type { Workload } from '../scenarios.ts';
import type { TokenMaker } from '../tokens.ts';
import type { Cost } from './growth.ts';
import { longBody } from './long-body.ts';

/** One row of a table: a proxy of its own, and what it is asked. */
export interface Step {
  readonly value: number;
  readonly workload: Workload;
  /** Keys that its store remembers before it is asked anything. */
  readonly remembered?: number;
}

/** Something that there may be more and more of. */
export interface Dimension {
  readonly id: string;
  readonly title: string;
  /** What the values count. */
  readonly unit: string;
  readonly steps: readonly Step[];
  /** Why the cost grows, where it does. */
  readonly why: (costs: readonly Cost[]) => string;
  readonly note?: string;
}

/** @param upTo values beyond are left out */
export type MakeDimension = (tokens: TokenMaker, upTo: number) => Promise<Dimension>;

const TIMES = { warmSeconds: 1.5, seconds: 2.5 };
const SATURATED: Load = { connections: 64, ...TIMES };
/** Graph allows four requests at a time in each: with so many nobody waits, however many ask at once. */
const BUSINESSES = 1000;
/** As many as the proxy lets through to one business at a time. */
const PLACES = 4;
/** As many are signed at a time. */
const TOKENS_AT_ONCE = 2000;

const within = (upTo: number, ...values: readonly number[]) =>
  values.filter((value) => value <= upTo);

function creates(id: string, load: Load, next: NextRequest): Workload {
  return { id, load, expected: [201], requests: () => Promise.resolve(next) };
}

const businesses: MakeDimension = async (tokens, upTo) => {
  const token = await tokens.make();
  return {
    ...{ id: 'businesses', title: 'Creates for booking businesses in turn', unit: 'businesses' },
    steps: within(upTo, 1, 100, 10_000).map((value) => {
      const requests = new Requests('b', value);
      const load = { connections: PLACES, ...TIMES };
      return { value, workload: creates('businesses', load, () => requests.create(token)) };
    }),
    why: () =>
      'which has no known reason, as nothing is kept of a business that nobody is asking for',
  };
};

const callers: MakeDimension = async (tokens, upTo) => {
  const steps: Step[] = [];
  for (const value of within(upTo, 1, 1000, 100_000)) {
    const pool: string[] = [];
    while (pool.length < value) {
      pool.push(...(await tokens.makeMany(Math.min(TOKENS_AT_ONCE, value - pool.length))));
    }
    const requests = new Requests('b', BUSINESSES);
    // Goes on from round to round: begun anew, it would come back to tokens that are remembered.
    let turn = 0;
    const next = () => requests.create(pool[(turn += 1) % value] ?? '');
    steps.push({ value, workload: creates('tokens', SATURATED, next) });
  }
  return {
    ...{ id: 'tokens', title: "Creates with callers' tokens in turn", unit: 'tokens', steps },
    why: () => 'more tokens in turn than are remembered are verified anew, every one of them',
    note: 'The proxy remembers 10,000 tokens at most, each once it has been verified twice.',
  };
};

const keys: MakeDimension = async (tokens, upTo) => {
  const token = await tokens.make();
  return {
    ...{ id: 'keys', title: 'Creates with an Idempotency-Key each, SQLite', unit: 'keys before' },
    steps: within(upTo, 0, 10_000, 100_000, 1_000_000).map((value) => {
      const requests = new Requests('b', BUSINESSES);
      const run = randomUUID().slice(0, 8);
      let index = 0;
      const next = () => {
        const { body, headers } = keyed(run, (index += 1));
        return requests.create(token, body, headers);
      };
      return { value, remembered: value, workload: creates('keys', SATURATED, next) };
    }),
    why: () =>
      "a key falls anywhere in the indices, and the more of them there are, the fewer of their pages are in SQLite's cache of 2 MB or changed by the same transaction",
  };
};

const connections: MakeDimension = async (tokens, upTo) => {
  const token = await tokens.make();
  return {
    ...{ id: 'connections', title: 'Creates over connections', unit: 'connections' },
    steps: within(upTo, 1, 10, 100, 500).map((value) => {
      const requests = new Requests('b', BUSINESSES);
      const load = { connections: value, ...TIMES };
      return { value, workload: creates('connections', load, () => requests.create(token)) };
    }),
    why: () =>
      'what is under way at once is more, and lives for longer, than the young generation of the heap has room for',
    note: 'Each connection asks again as soon as it has its answer: that p50 grows with them is their waiting for one another; one alone pays for each turn of the event loop by itself.',
  };
};

const bodies: MakeDimension = async (tokens, upTo) => {
  const token = await tokens.make();
  return {
    ...{ id: 'bodies', title: 'Creates with larger and larger bodies', unit: 'kB' },
    steps: within(upTo, 1, 10, 60).map((value) => {
      const requests = new Requests('b', BUSINESSES);
      const body = longBody(value * 1000);
      return { value, workload: creates('bodies', SATURATED, () => requests.create(token, body)) };
    }),
    why: (costs) => {
      const [first, last] = [costs[0], costs.at(-1)];
      const each = first && last ? (last.cpuUs - first.cpuUs) / (last.value - first.value) : NaN;
      return `every byte is read, parsed, checked and written again for Graph, ${number(each, 1)} µs for each kB`;
    },
  };
};

/** All that can be measured, by the name that selects it. */
export const DIMENSIONS = { businesses, tokens: callers, keys, connections, bodies };
