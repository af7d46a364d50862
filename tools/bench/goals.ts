import type { Cell, Results } from './results.ts';
import { median } from './statistics.ts';

/** What the proxy is held against. */
export interface Goal {
  readonly text: string;
  readonly measured: number;
  readonly bound: string;
  readonly reached: boolean;
}

const CREATE: Cell = ['create', 'proxy'];

export function goals(results: Results, perSecond: number): readonly Goal[] {
  const atMost = (text: string, measured: number, limit: number): Goal => ({
    ...{ text, measured, bound: `≤ ${limit}`, reached: measured <= limit },
  });
  const cpu = (top: Cell, bottom: Cell) => median(results.ratios('cpuUs', top, bottom));
  const cheaper = (status: string): Goal => {
    const measured = cpu([status, 'proxy'], CREATE);
    const text = `CPU of a refusal with ${status}, of an accepted create's`;
    return { text, measured, bound: '< 1', reached: measured < 1 };
  };
  const served = median(results.ratios('perSecond', CREATE, ['create', 'fastify']));
  const tail = (figure: 'p99Ms' | 'secondP99Ms') =>
    median(results.ratios(figure, ['rate', 'proxy'], ['rate', 'fastify']));
  const added = median(results.differences('p99Ms', ['slow', 'proxy'], ['slow', 'straight']));
  return [
    atMost("CPU per create, of Fastify's", cpu(CREATE, ['create', 'fastify']), 0.75),
    atMost("CPU per create, of Nest's", cpu(CREATE, ['create', 'nest']), 0.2),
    atMost(
      "the same with 20 % unseen tokens, of Fastify's",
      cpu(['unseen', 'proxy'], ['unseen', 'fastify']),
      0.85,
    ),
    atMost(`p99 at ${perSecond}/s, of Fastify's`, tail('p99Ms'), 0.8),
    atMost('the same of the median second', tail('secondP99Ms'), 0.8),
    atMost(`p99 at ${perSecond}/s added to an upstream of 20 ms, in ms`, added, 5),
    {
      text: "requests per second, of Fastify's",
      measured: served,
      bound: '≥ 1',
      reached: served >= 1,
    },
    ...['401', '403', '400'].map(cheaper),
    atMost(
      "CPU of a page of 1,000, of the bare peer's",
      cpu(['page-1000', 'proxy'], ['page-1000', 'bare']),
      1.3,
    ),
  ];
}
