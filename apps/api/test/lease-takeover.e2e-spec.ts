import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { proxyEnvironment } from '@bookings/graph-fake';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { resetBefore } from './faults.ts';
import { Stack } from './stack.ts';
import { StateFile } from './state-file.ts';
import { TcpRelay } from './tcp-relay.ts';
import { stateUrl } from './temporary-folder.ts';

const KEY = { 'idempotency-key': 'taken-over' };
const SETTINGS = { IDEMPOTENCY_SETTLE_MS: '300', LOG_LEVEL: 'silent' };

/** Holds the responses to the slow proxy back. */
let relay: TcpRelay;
/** Two proxies that share the fake Graph and the store. */
let slow: Stack;
let other: Stack;
let url: string;
let token: string;
beforeEach(async () => {
  url = stateUrl();
  relay = new TcpRelay();
  slow = await Stack.start(
    async (fake) => ({ ...SETTINGS, ...(await relay.graphSettings(fake)), STATE_URL: url }),
    { limitPerMailbox: 16 },
  );
  other = await Stack.start({ ...SETTINGS, STATE_URL: url, ...proxyEnvironment(slow.fake) });
  token = await slow.fake.issueToken({ roles: [CREATE_PERMISSION] });
});
afterEach(async () => {
  await other.stop();
  await slow.stop();
});

const change = (assignment: string) => {
  new StateFile(url).change(assignment);
};
/** Makes the lease expire, as if the slow process had been suspended. */
const runOut = () => {
  change('lease_until_ms = 0');
};
const customers = () => slow.fake.customers(BUSINESS);

it('a process sends nothing once another process has taken the key over', async () => {
  relay.hold();
  const others = ['a', 'b', 'c', 'd'].map((displayName) =>
    slow.create({ token, body: JSON.stringify({ displayName }) }),
  );
  await slow.fake.arrived(4);
  // A 409 shows that the other create has acquired the key. It waits for the mailbox now.
  const two = [1, 2].map(() => slow.create({ token, headers: KEY }));
  expect((await Promise.race(two)).status).toBe(409);
  runOut();
  const taken = await other.create({ token, headers: KEY });
  expect(taken.status).toBe(201);
  relay.release();
  await Promise.all(others);
  const [late] = (await Promise.all(two)).filter(({ status }) => status !== 409);
  expect(customers()).toHaveLength(5);
  // The slow process returns the stored response.
  expect([late?.status, late?.text]).toEqual([201, taken.text]);
});

it('a process returns the response of the process that has taken the key over', async () => {
  // The customer is stored at once, but the response arrives slowly.
  slow.fake.script([{ kind: 'drip', intervalMs: 3 }]);
  const late = slow.create({ token, headers: KEY });
  await slow.fake.arrived(1);
  runOut();
  const two = await other.create({ token, headers: KEY });
  const one = await late;
  expect(customers()).toHaveLength(1);
  expect([two.status, two.headers.get('idempotent-replayed')]).toEqual([201, null]);
  // The slow process returns the stored response instead of its own.
  expect([one.status, one.text]).toEqual([201, two.text]);
});

it('a process takes over neither a key that it holds itself nor a duplicate of it', async () => {
  slow.fake.script([{ kind: 'drip', intervalMs: 3 }]);
  const first = slow.create({ token, headers: KEY });
  await slow.fake.arrived(1);
  runOut();
  for (const key of ['taken-over', 'duplicate']) {
    const repeated = await slow.create({ token, headers: { 'idempotency-key': key } });
    expect([repeated.status, repeated.error['code']]).toEqual([409, 'IdempotencyKeyInUse']);
  }
  expect((await first).status).toBe(201);
  expect(customers()).toHaveLength(1);
});

it('reconciliation searches back to the first attempt', async () => {
  const gone = resetBefore(10);
  slow.fake.script([gone]);
  const send = () =>
    slow.create({ token, headers: KEY, body: JSON.stringify({ displayName: 'Adele' }) });
  expect((await send()).status).toBe(504);
  slow.fake.script([]);
  const { id } = slow.fake.add(
    BUSINESS,
    { displayName: 'Adele' },
    new Date(Date.now() - 30_000).toISOString(),
  );
  change('sent_at_ms = sent_at_ms - 60000');
  const found = await send();
  expect([found.status, found.body['id']]).toEqual([201, id]);
  expect(customers()).toHaveLength(1);
});
