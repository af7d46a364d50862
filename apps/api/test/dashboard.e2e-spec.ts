import { beforeAll, describe, expect, it } from '@jest/globals';
import { PANELS, VARIABLES, withVariables } from './dashboard.ts';
import { graphError, respond, throttle } from './faults.ts';
import { Prometheus } from './prometheus.ts';
import { HAS_PROMTOOL } from './promtool.ts';
import { Stack } from './stack.ts';
import { newUser, refuseToken } from './token-faults.ts';

const JOB = 'bookings-proxy';
const ALL = '.*';

/** Traffic with failures, because a healthy proxy has no series of 5xx. */
async function traffic(stack: Stack): Promise<void> {
  await stack.create({ headers: { 'idempotency-key': crypto.randomUUID() } });
  stack.fake.script([respond(503, graphError('ServiceUnavailable')), throttle()]);
  await stack.create();
  await stack.create();
  // A customer that lacks members and has another.
  stack.fake.script([respond(201, { id: 'c1', displayName: 'x', unheardOf: null })]);
  await stack.create();
  stack.fake.script([refuseToken(50_013)]);
  await stack.create({ token: await newUser(stack) });
  await Promise.all(Array.from({ length: 6 }, () => stack.create()));
}

(HAS_PROMTOOL ? describe : describe.skip)('the dashboard, over a Prometheus that scrapes', () => {
  const stack = new Stack({ MAILBOX_CONCURRENCY: '1', MAILBOX_QUEUE_LIMIT: '1' }, { workMs: 20 });
  let prometheus: Prometheus;
  const samples = (expr: string, job = JOB, instance = ALL) =>
    prometheus.query(withVariables(expr, job, instance));
  beforeAll(async () => {
    await stack.start();
    prometheus = await Prometheus.start(JOB, stack.url);
    // A rate needs two scrapes, and a series begins with its first event.
    await prometheus.scrapes(1);
    await traffic(stack);
    await prometheus.scrapes(2);
    await traffic(stack);
    await prometheus.scrapes(2);
  });

  it.each(PANELS)('$title: each query has series with the labels of its legend', async (panel) => {
    expect(panel.queries).not.toEqual([]);
    for (const { expr, legend } of panel.queries) {
      const found = await samples(expr);
      const numbers = found.filter(({ value }) => Number.isFinite(value));
      expect({ expr, count: numbers.length }).not.toEqual({ expr, count: 0 });
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      for (const each of found) {
        expect(Object.keys(each.labels)).toEqual(expect.arrayContaining(labels));
      }
    }
  });

  it.each(PANELS)('$title: each query follows the variables', async ({ queries }) => {
    for (const { expr } of queries) {
      expect(await samples(expr, 'another')).toEqual([]);
      expect(await samples(expr, JOB, 'another')).toEqual([]);
    }
  });

  it('offers the job and the process in its variables', async () => {
    const offered = async (name: string) => {
      const query = withVariables(VARIABLES[name] ?? '', JOB, ALL);
      const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
      return prometheus.labelValues(selector, label);
    };
    expect(Object.keys(VARIABLES)).toEqual(['job', 'instance']);
    expect(await offered('job')).toEqual([JOB]);
    expect(await offered('instance')).toEqual([new URL(stack.url).host]);
  });

  it.each([
    ['429 by who made it', 'by', 'graph'],
    ['429 by who made it', 'by', 'proxy'],
    ['Attempts by class of status', 'result', '5xx'],
    ['Refusals by reason', 'reason', 'queue-full'],
    ['Token requests', 'result', 'failed'],
    ['Creates by outcome', 'outcome', 'created'],
    ['Unexpected members of responses', 'member', 'unheardOf'],
    ['Error ratio', '', ''],
  ])('shows failures in %s: %s %s', async (panel, label, value) => {
    const shown = PANELS.find(({ title }) => title === panel);
    const found = await samples(shown?.queries[0]?.expr ?? '');
    const [sample] = label === '' ? found : found.filter(({ labels }) => labels[label] === value);
    expect(sample?.value).toBeGreaterThan(0);
  });
});
