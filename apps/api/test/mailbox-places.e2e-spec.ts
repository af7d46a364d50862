import { describe, expect, it } from '@jest/globals';
import { BUSINESS, customersPath, DOCUMENTED_REQUEST, STORED_CUSTOMER } from './documented.ts';
import { resetBefore } from './faults.ts';
import type { RequestOptions } from './proxy-client.ts';
import { useFreshStack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';

/** Longer than any test. */
const NEVER_ENDS = '3600000';
const CHANGES = '{"displayName":"Adele Vance"}';
const KEY = { 'idempotency-key': 'a-key' };

// The harness checks that Graph never has work for two requests.
const ONE_PLACE = { MAILBOX_CONCURRENCY: '1' };

const OPERATIONS: readonly (readonly [string, string, string, RequestOptions])[] = [
  ['a list', 'GET', '', {}],
  ['a count', 'GET', '/$count', {}],
  ['a get', 'GET', '/{id}', {}],
  ['an update', 'PATCH', '/{id}', { body: CHANGES }],
  ['a delete', 'DELETE', '/{id}', {}],
  ['a create', 'POST', '', { body: DOCUMENTED_REQUEST }],
  ['a create with a key', 'POST', '', { body: DOCUMENTED_REQUEST, headers: KEY }],
];

describe('an attempt whose caller leaves', () => {
  // If the place lingered, the next request would not get it.
  let relay: TcpRelay;
  const stack = useFreshStack(
    async (fake) => {
      relay = new TcpRelay();
      const graph = await relay.graphSettings(fake);
      return { ...ONE_PLACE, MAILBOX_LINGER_MS: NEVER_ENDS, ...graph };
    },
    { workMs: 300 },
  );

  it.each(OPERATIONS)(
    'runs to its end unseen and holds its place until then: %s',
    async (_title, method, path, options) => {
      const { id } = stack.fake.add(BUSINESS, STORED_CUSTOMER);
      const caller = new AbortController();
      const gone = stack.request(method, `${customersPath()}${path.replace('{id}', id)}`, {
        ...options,
        signal: caller.signal,
      });
      await stack.fake.arrived(1);
      caller.abort();
      await expect(gone).rejects.toThrow();
      expect((await stack.request('GET', customersPath())).status).toBe(200);
      const { requests, peakOfWorkByMailbox } = stack.fake.requests();
      // Graph has answered the first one, though no one has read the answer.
      expect(requests.map(({ status }) => status)).not.toContain(null);
      expect(requests).toHaveLength(2);
      expect(peakOfWorkByMailbox).toEqual({ [BUSINESS.toLowerCase()]: 1 });
    },
  );

  it('gives its place back at once when nothing was sent yet', async () => {
    relay.hold();
    const first = stack.request('GET', customersPath());
    await stack.fake.arrived(1);
    const caller = new AbortController();
    const gone = stack.request('GET', customersPath(), { signal: caller.signal });
    await stack.metricIs('bookings_mailbox_waiting', 1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    relay.release();
    expect((await first).status).toBe(200);
    expect((await stack.request('GET', customersPath())).status).toBe(200);
    expect(stack.graphRequests).toBe(2);
  });
});

describe('the place of an attempt without an answer', () => {
  const stack = useFreshStack(
    { ...ONE_PLACE, GRAPH_ATTEMPT_TIMEOUT_MS: '400', MAILBOX_LINGER_MS: '2600' },
    // Graph works for longer than the attempt, and for much less than the place lingers.
    { workMs: 1200 },
  );

  it.each(OPERATIONS)('stays taken while Graph may still be working: %s', async (...operation) => {
    const [, method, path, options] = operation;
    const { id } = stack.fake.add(BUSINESS, STORED_CUSTOMER);
    const url = `${customersPath()}${path.replace('{id}', id)}`;
    // A create with a key is looked up and sent again, which the deadline ends.
    const [timedOut] = await Promise.all([
      stack.request(method, url, options),
      stack.request('PATCH', `${customersPath()}/${id}`, { body: CHANGES }),
    ]);
    // A delete is repeated, and finds that Graph has carried out the first attempt. On a busy machine
    // the repeats can time out too.
    expect(method === 'DELETE' ? [204, 504] : [504]).toContain(timedOut.status);
    expect(stack.fake.requests().peakOfWorkByMailbox).toEqual({ [BUSINESS.toLowerCase()]: 1 });
  });

  it('stays taken after a reset', async () => {
    stack.fake.script([resetBefore()]);
    expect((await stack.create()).status).toBe(502);
    expect(await stack.metric('bookings_mailbox_places_in_use')).toBe(1);
    expect((await stack.create()).status).toBe(504);
    expect(stack.fake.requests().peakOfWorkByMailbox).toEqual({ [BUSINESS.toLowerCase()]: 1 });
  });
});
