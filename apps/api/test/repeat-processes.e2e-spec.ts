import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { proxyEnvironment } from '@bookings/graph-fake';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { graphError, respond } from './faults.ts';
import { createUnkeyed, postgresSettings, repeatUntilKnown } from './repeats.ts';
import { Stack } from './stack.ts';

/** Two proxies that share the fake Graph and a PostgreSQL database. */
let one: Stack;
let other: Stack;
let token: string;
beforeAll(async () => {
  const settings = await postgresSettings();
  one = await Stack.start(settings);
  other = await Stack.start({ ...settings, ...proxyEnvironment(one.fake) });
  token = await one.fake.issueToken({ roles: [CREATE_PERMISSION] });
});
beforeEach(() => {
  one.fake.forget();
});
afterAll(async () => {
  await other.stop();
  await one.stop();
});
const customers = () => one.fake.customers(BUSINESS);

it('a repeat waits for an attempt that may run in another process', async () => {
  const customer = { displayName: 'Running' };
  one.fake.script([{ kind: 'delay', delayMs: 800 }]);
  const caller = new AbortController();
  const left = createUnkeyed(one, { customer, token, signal: caller.signal });
  await one.fake.arrived(1);
  caller.abort();
  await expect(left).rejects.toThrow();
  const { first, last } = await repeatUntilKnown(other, { customer, token });
  expect([first.status, first.innerError['outcome']]).toEqual([504, 'unknown']);
  expect(Number(first.headers.get('retry-after'))).toBeGreaterThanOrEqual(2);
  expect([last.status, last.body['id']]).toEqual([201, customers()[0]?.id]);
  expect(customers()).toHaveLength(1);
});

it('a repeat goes by the record that another process has left', async () => {
  const customer = { displayName: 'Recorded' };
  one.fake.script([
    { kind: 'answer-after-stored', status: 503, body: graphError('ServiceUnavailable') },
  ]);
  expect((await createUnkeyed(one, { customer, token })).status).toBe(503);
  const found = await createUnkeyed(other, { customer, token, attempt: '1' });
  expect([found.status, found.body['id']]).toEqual([201, customers()[0]?.id]);
  expect(customers()).toHaveLength(1);
});

it('two repeats at two processes send one create', async () => {
  const customer = { displayName: 'Both' };
  one.fake.script([respond(503, graphError('ServiceUnavailable'))]);
  await createUnkeyed(one, { customer, token });
  const repeats = await Promise.all([
    createUnkeyed(one, { customer, token, attempt: '1' }),
    createUnkeyed(other, { customer, token, attempt: '1' }),
  ]);
  expect(repeats.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(customers()).toHaveLength(1);
});
