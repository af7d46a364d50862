import { describe, expect, it } from '@jest/globals';
import { BUSINESS, customersPath } from './documented.ts';
import { graphError, respond } from './faults.ts';
import { type Stack, useFreshStack } from './stack.ts';

const OTHER = 'Contosolunchdelivery@contoso.com';
/** Timers and the times of the journal are rounded to milliseconds. */
const ROUNDING_MS = 5;

const throttled = (retryAfter: string, times = 1) =>
  respond(429, graphError('TooManyRequests'), { headers: { 'Retry-After': retryAfter }, times });
const list = (stack: Stack, business = BUSINESS) => stack.request('GET', customersPath(business));
const lists = (stack: Stack, count: number) =>
  Promise.all(Array.from({ length: count }, () => list(stack)));
/** When each request arrived at Graph, in milliseconds after the first. */
function arrivals(stack: Stack): number[] {
  const times = stack.fake.requests().requests.map(({ at }) => Date.parse(at));
  return times.map((time) => time - (times[0] ?? NaN));
}

describe('a 429 of Graph with Retry-After', () => {
  const stack = useFreshStack({}, { workMs: 100 });

  it('pauses the mailbox for all, and one request goes first afterwards', async () => {
    stack.fake.script([throttled('1.5')]);
    const responses = await lists(stack, 12);
    expect(responses.map(({ status }) => status)).toEqual(Array(12).fill(200));
    const times = arrivals(stack);
    expect(times).toHaveLength(13);
    // Four were sent before the answer.
    const [first = NaN, second = NaN] = times.slice(4);
    expect(first).toBeGreaterThanOrEqual(1500 - ROUNDING_MS);
    expect(second - first).toBeGreaterThanOrEqual(100 - ROUNDING_MS);
    expect(await stack.metric('bookings_mailbox_pauses_total')).toBe(1);
  });

  it('makes one request in each pause, however many wait', async () => {
    stack.fake.script([throttled('0.1', 1000)]);
    const requests = Array.from({ length: 20 }, (_none, index) => ({
      id: String(index),
      method: 'GET',
      url: customersPath().replace('/v1.0', ''),
    }));
    const batch = await stack.create({
      path: '/v1.0/$batch',
      body: JSON.stringify({ requests }),
    });
    expect(batch.status).toBe(200);
    const pauses = await stack.metric('bookings_mailbox_pauses_total');
    // Each part has three attempts at most: four are sent at first, and then one after each pause.
    expect(stack.graphRequests).toBeLessThanOrEqual(60);
    expect(stack.graphRequests - 4).toBeLessThanOrEqual(pauses);
  });

  it('does not pause another mailbox', async () => {
    stack.fake.script([throttled('1')]);
    const paused = list(stack);
    await stack.fake.arrived(1);
    expect((await list(stack, OTHER)).status).toBe(200);
    expect(stack.fake.requests().requests.map(({ business }) => business)).toEqual([
      BUSINESS,
      OTHER,
    ]);
    expect((await paused).status).toBe(200);
  });
});

describe('a pause that is longer than the deadline', () => {
  const stack = useFreshStack(
    { GRAPH_DEADLINE_MS: '5000', MAILBOX_CONCURRENCY: '1' },
    { workMs: 100 },
  );

  it('is reported at once with the time that is left', async () => {
    stack.fake.script([{ kind: 'delay', delayMs: 300 }, throttled('30')]);
    const [first, ...others] = await lists(stack, 6);
    const answers = [first, ...others].map((response) => [
      response?.status,
      response?.innerError['origin'],
      response?.headers.get('retry-after'),
    ]);
    expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
    expect(answers.filter(([, origin]) => origin === undefined)).toEqual([
      [200, undefined, null],
      [429, undefined, '30'],
    ]);
    expect(answers.filter(([, origin]) => origin === 'proxy')).toEqual(
      Array(4).fill([429, 'proxy', '30']),
    );
    const later = await list(stack);
    expect([later.status, later.innerError['origin']]).toEqual([429, 'proxy']);
    expect(Number(later.headers.get('retry-after'))).toBeGreaterThan(20);
    expect(stack.graphRequests).toBe(2);
    expect(await stack.metric('bookings_mailbox_refusals_total{reason="paused"}')).toBe(5);
    expect(await stack.metric('bookings_throttled_total{by="graph"}')).toBe(1);
    expect(await stack.metric('bookings_throttled_total{by="proxy"}')).toBe(5);
  });
});
