import { performance } from 'node:perf_hooks';
import { describe, expect, it } from '@jest/globals';
import { BUSINESS, customersPath } from './documented.ts';
import { graphError, respond } from './faults.ts';
import { Stack, useFreshStack } from './stack.ts';

const MAILBOX = BUSINESS.toLowerCase();
const list = (stack: Stack) => stack.request('GET', customersPath());
const lists = (stack: Stack, count: number) =>
  Promise.all(Array.from({ length: count }, () => list(stack)));

describe('a mailbox that lets fewer requests through', () => {
  const stack = useFreshStack({}, { workMs: 30, limitPerMailbox: 2 });

  it('teaches its limit', async () => {
    for (const { status } of await lists(stack, 12)) expect(status).toBe(200);
    expect(await stack.metric('bookings_mailbox_lowered_limits')).toBe(1);
    const throttled = await stack.metric('bookings_throttled_total{by="graph"}');
    expect(throttled).toBe(2);
    // Two attempts are in flight at a time from now on.
    stack.fake.forget();
    for (const { status } of await lists(stack, 12)) expect(status).toBe(200);
    expect(stack.fake.requests().peakOfWorkByMailbox).toEqual({ [MAILBOX]: 2 });
    expect(await stack.metric('bookings_throttled_total{by="graph"}')).toBe(throttled);
  });
});

describe('repeats', () => {
  const UNAVAILABLE = respond(503, graphError('ServiceUnavailable'));

  it('are at most a fifth of the requests and ten a second while Graph fails', async () => {
    const stack = await Stack.start({}, { faultFor: () => UNAVAILABLE });
    const beganMs = performance.now();
    const requests = 300;
    const statuses: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let count = 0; count < requests / 10; count += 1) {
          statuses.push((await list(stack)).status);
        }
      }),
    );
    const seconds = (performance.now() - beganMs) / 1000;
    expect(statuses).toEqual(Array(requests).fill(503));
    // Ten repeats are possible at once, before the first second is over.
    expect(stack.graphRequests).toBeLessThanOrEqual(1.2 * requests + 10 * seconds + 10);
    expect(stack.graphRequests).toBeGreaterThan(requests);
    expect(await stack.metric('bookings_graph_repeats_refused_total')).toBeGreaterThan(0);
    await stack.stop();
  });

  it('are all sent when few requests fail', async () => {
    const stack = await Stack.start();
    stack.fake.script([{ ...UNAVAILABLE, times: 2 }]);
    expect((await list(stack)).status).toBe(200);
    expect(stack.graphRequests).toBe(3);
    expect(await stack.metric('bookings_graph_repeats_refused_total')).toBe(0);
    await stack.stop();
  });
});

describe('the metrics of the mailboxes', () => {
  it('show what waits and what is in flight, without a business', async () => {
    const stack = await Stack.start({ MAILBOX_CONCURRENCY: '1', MAILBOX_QUEUE_LIMIT: '2' });
    stack.fake.script([{ kind: 'silence', when: 'before-stored' }]);
    const gone = new AbortController();
    const requests = Array.from({ length: 4 }, () =>
      stack.request('GET', customersPath(), { signal: gone.signal }).catch(() => undefined),
    );
    expect((await Promise.race(requests))?.status).toBe(429);
    expect(await stack.metric('bookings_mailbox_places_in_use')).toBe(1);
    expect(await stack.metric('bookings_mailbox_waiting')).toBe(2);
    expect(await stack.metric('bookings_mailbox_refusals_total{reason="queue-full"}')).toBe(1);
    expect(await stack.metric('bookings_mailbox_queue_duration_seconds_count')).toBe(1);
    expect((await stack.get('/metrics')).text.toLowerCase()).not.toContain(MAILBOX);
    gone.abort();
    await Promise.all(requests);
    await stack.stop();
  });
});
