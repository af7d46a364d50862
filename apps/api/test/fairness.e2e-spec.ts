import { afterEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, CREATE_PERMISSION, Stack, customersPath } from './stack.ts';

const SECOND_APP = '99999999-2222-4333-8444-555555555555';
const body = '{"displayName":"Joni Sherman"}';
let stack: Stack;
afterEach(async () => {
  await stack.stop();
});

const many = (count: number, path?: string) =>
  Array.from({ length: count }, () => stack.create({ body, ...(path && { path }) }));
/** Resolves when the proxy has `count` requests that it has not answered. */
const arrived = async (count: number) => {
  while (stack.app.inFlight.count < count) await new Promise((resolve) => setImmediate(resolve));
};
const second = () => stack.fake.issueToken({ roles: [CREATE_PERMISSION], appId: SECOND_APP });

describe('two hundred creates at once for one business', () => {
  it('reach Graph four at a time, all of them, and Graph throttles none', async () => {
    stack = await Stack.start({ MAILBOX_QUEUE_LIMIT: '200' });
    stack.fake.script([{ kind: 'delay', delayMs: 700, times: 4 }]);
    const answers = await Promise.all(many(200));
    const { requests, peakByMailbox } = stack.fake.requests();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(requests.map(({ status }) => status)).toEqual(Array(200).fill(201));
    expect(peakByMailbox).toEqual({ [BUSINESS.toLowerCase()]: 4 });
    expect(stack.fake.customers(BUSINESS)).toHaveLength(200);
  });

  it('do not stand before the single create of a second caller', async () => {
    stack = await Stack.start({ MAILBOX_QUEUE_LIMIT: '200' });
    const token = await second();
    // Graph holds the first four back until all the others have come.
    stack.fake.script([{ kind: 'delay', delayMs: 700, times: 4 }]);
    const first = many(200);
    await arrived(200);
    const single = stack.create({ token, body: '{"displayName":"second"}' });
    await arrived(201);
    expect(stack.seen).toBe(4);
    expect((await single).status).toBe(201);
    await Promise.all(first);
    const { requests } = stack.fake.requests();
    // Callers take turns: it is among the first eight to be let in, whose connections may overtake
    // each other on the way.
    expect(requests.findIndex(({ body: sent }) => sent.includes('second'))).toBeLessThan(12);
  });

  it('are shed with 429 over the bound, which keeps room for a second caller', async () => {
    stack = await Stack.start({}, { answerDelayMs: 20 });
    const token = await second();
    const first = many(200);
    await stack.fake.arrived(4);
    const single = await stack.create({ token, body });
    expect(single.status).toBe(201);
    const answers = await Promise.all(first);
    const shed = answers.filter(({ status }) => status === 429);
    expect(shed.length).toBeGreaterThan(50);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(200 - shed.length);
    for (const { error, headers } of shed) {
      expect(error['code']).toBe('TooManyRequests');
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
    expect(stack.fake.requests().peakByMailbox).toEqual({ [BUSINESS.toLowerCase()]: 4 });
  });

  it('hold up no other business, and are one business however its name is written', async () => {
    stack = await Stack.start({ MAILBOX_QUEUE_LIMIT: '200' });
    // Graph holds the first of both back until four of each have come.
    stack.fake.script([{ kind: 'delay', delayMs: 700, times: 8 }]);
    const other = 'Contosolunchdelivery@contoso.com';
    const answers = [
      ...many(40),
      ...many(40, customersPath(BUSINESS.toUpperCase())),
      ...many(40, customersPath(other)),
    ];
    for (const { status } of await Promise.all(answers)) expect(status).toBe(201);
    expect(stack.fake.requests().peakByMailbox).toEqual({
      [BUSINESS.toLowerCase()]: 4,
      [other.toLowerCase()]: 4,
    });
  });
});

describe('the deadline', () => {
  it('covers the wait in the queue, and nothing is sent after it', async () => {
    // The second arrives well within the 250 ms that an attempt must have left.
    stack = await Stack.start({ GRAPH_DEADLINE_MS: '1000', MAILBOX_CONCURRENCY: '1' });
    await stack.create({ body });
    stack.fake.forget();
    stack.fake.script([{ kind: 'silence', when: 'before-stored' }]);
    // Over two connections nobody can tell which of them arrives first.
    const answers = await Promise.all(many(2));
    const ends = answers.map(
      ({ status, innerError }) => `${status} ${String(innerError['outcome'])}`,
    );
    expect(ends.sort()).toEqual(['504 not-sent', '504 unknown']);
    expect(stack.seen).toBe(1);
  });
});
