import { performance } from 'node:perf_hooks';
import { describe, expect, it } from '@jest/globals';
import { customersPath } from './documented.ts';
import { type Stack, useFreshStack } from './stack.ts';

const list = (stack: Stack) => stack.request('GET', customersPath());

/** A response, and when it arrived. */
async function timed(stack: Stack) {
  const response = await list(stack);
  return { response, atMs: performance.now() };
}

describe('a request that cannot make its deadline', () => {
  const stack = useFreshStack(
    { MAILBOX_CONCURRENCY: '2', GRAPH_DEADLINE_MS: '6000' },
    { workMs: 500 },
  );

  it('is refused at once, with the time until it would have been served', async () => {
    await list(stack);
    stack.fake.forget();
    const all = await Promise.all(Array.from({ length: 40 }, () => timed(stack)));
    const served = all.filter(({ response }) => response.status === 200);
    const refused = all.filter(({ response }) => response.status === 429);
    expect(served.length + refused.length).toBe(40);
    // Two each half second, within the deadline. A busy machine serves fewer.
    expect(served.length).toBeLessThanOrEqual(24);
    expect(served.length).toBeGreaterThanOrEqual(10);
    expect(stack.graphRequests).toBe(served.length);
    const servedAtMs = Math.max(...served.map(({ atMs }) => atMs));
    for (const { response, atMs } of refused) {
      expect(response.innerError['origin']).toBe('proxy');
      const trueMs = servedAtMs - atMs;
      const saidMs = Number(response.headers.get('retry-after')) * 1000;
      expect(Math.abs(saidMs - trueMs)).toBeLessThanOrEqual(Math.max(1000, 0.2 * trueMs));
    }
    expect(await stack.metric('bookings_mailbox_refusals_total{reason="deadline"}')).toBe(
      refused.length,
    );
  });
});
