import { afterEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, CREATE_PERMISSION, customersPath } from './documented.ts';
import { silenceBefore } from './faults.ts';
import { Stack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';

const SECOND_APP = '99999999-2222-4333-8444-555555555555';
const body = '{"displayName":"Joni Sherman"}';
/** No create runs out of time, even on a busy machine. */
const MUCH_TIME = { GRAPH_DEADLINE_MS: '100000', GRAPH_ATTEMPT_TIMEOUT_MS: '100000' };
const QUEUE_FOR_ALL = { MAILBOX_QUEUE_LIMIT: '200', ...MUCH_TIME };
/** By default 64 requests of a business wait and four are at Graph. */
const MOST_IN_FLIGHT = 68;
/** Long enough that requests of one business overlap at Graph. */
const SLOW = { workMs: 20 };
let stack: Stack;
afterEach(() => stack.stop());

const many = (count: number, path?: string) =>
  Array.from({ length: count }, () => stack.create({ body, ...(path && { path }) }));
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};
/** Waits until `count` requests are in flight at the proxy. */
const inFlight = (count: number) => until(() => stack.app.inFlight.count >= count);
const secondToken = () => stack.fake.issueToken({ roles: [CREATE_PERMISSION], appId: SECOND_APP });

describe('two hundred concurrent creates for one business', () => {
  it('all reach Graph, four at a time, and none is throttled', async () => {
    stack = await Stack.start(QUEUE_FOR_ALL, SLOW);
    const responses = await Promise.all(many(200));
    const { requests, peakByMailbox } = stack.fake.requests();
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
    expect(requests.map(({ status }) => status)).toEqual(Array(200).fill(201));
    expect(peakByMailbox).toEqual({ [BUSINESS.toLowerCase()]: 4 });
    expect(stack.fake.customers(BUSINESS)).toHaveLength(200);
  });

  it('do not delay the single create of a second caller', async () => {
    const relay = new TcpRelay();
    stack = await Stack.start(async (fake) => ({
      ...QUEUE_FOR_ALL,
      ...(await relay.graphSettings(fake)),
    }));
    const token = await secondToken();
    relay.hold();
    const first = many(200);
    await inFlight(200);
    const single = stack.create({ token, body: '{"displayName":"second"}' });
    await inFlight(201);
    await stack.fake.arrived(4);
    expect(stack.graphRequests).toBe(4);
    relay.release();
    expect((await single).status).toBe(201);
    await Promise.all(first);
    const { requests } = stack.fake.requests();
    // Callers take turns, so it is among the first eight to be sent. Connections can reorder them.
    expect(requests.findIndex(({ body: sent }) => sent.includes('second'))).toBeLessThan(12);
  });

  it('get 429 beyond the queue limit, which leaves room for a second caller', async () => {
    const relay = new TcpRelay();
    stack = await Stack.start(
      async (fake) => ({ ...MUCH_TIME, ...(await relay.graphSettings(fake)) }),
      SLOW,
    );
    const token = await secondToken();
    relay.hold();
    const first = many(200);
    // Graph answers nothing, so all that are answered were shed.
    let answered = 0;
    for (const each of first) void each.then(() => (answered += 1));
    await until(() => answered === 200 - MOST_IN_FLIGHT);
    const single = stack.create({ token, body });
    // It takes the place of one that waits.
    await until(() => answered > 200 - MOST_IN_FLIGHT);
    relay.release();
    expect((await single).status).toBe(201);
    const responses = await Promise.all(first);
    const shed = responses.filter(({ status }) => status === 429);
    expect(shed).toHaveLength(201 - MOST_IN_FLIGHT);
    expect(responses.filter(({ status }) => status === 201)).toHaveLength(MOST_IN_FLIGHT - 1);
    for (const { error, headers } of shed) {
      expect(error['code']).toBe('TooManyRequests');
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
    expect(stack.fake.requests().peakByMailbox).toEqual({ [BUSINESS.toLowerCase()]: 4 });
  });

  it('do not delay another business, and share one queue in spite of upper and lower case', async () => {
    stack = await Stack.start(QUEUE_FOR_ALL, SLOW);
    const other = 'Contosolunchdelivery@contoso.com';
    const responses = [
      ...many(40),
      ...many(40, customersPath(BUSINESS.toUpperCase())),
      ...many(40, customersPath(other)),
    ];
    for (const { status } of await Promise.all(responses)) expect(status).toBe(201);
    expect(stack.fake.requests().peakByMailbox).toEqual({
      [BUSINESS.toLowerCase()]: 4,
      [other.toLowerCase()]: 4,
    });
  });
});

describe('the deadline', () => {
  it('includes the time in the queue, and nothing is sent after it', async () => {
    // An attempt needs at least 250 ms. The second create arrives before that.
    stack = await Stack.start({ GRAPH_DEADLINE_MS: '1000', MAILBOX_CONCURRENCY: '1' });
    await stack.create({ body });
    stack.fake.forget();
    stack.fake.script([silenceBefore()]);
    // The two connections can arrive in either order.
    const responses = await Promise.all(many(2));
    const ends = responses.map(
      ({ status, innerError }) => `${status} ${String(innerError['outcome'])}`,
    );
    expect(ends.sort()).toEqual(['504 not-sent', '504 unknown']);
    expect(stack.graphRequests).toBe(1);
  });
});
