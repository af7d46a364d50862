import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { proxyEnvironment } from '@bookings/graph-fake';
import { BUSINESS, CREATE_PERMISSION, Stack } from './stack.ts';
import { stateUrl } from './state-folder.ts';

const KEY = { 'idempotency-key': 'taken-over' };
const SETTINGS = { IDEMPOTENCY_SETTLE_MS: '300', LOG_LEVEL: 'silent' };

/** Two processes, as it were, in front of one Graph and with one store. */
let slow: Stack;
let other: Stack;
let url: string;
let token: string;
beforeEach(async () => {
  url = stateUrl();
  slow = await Stack.start({ ...SETTINGS, STATE_URL: url }, { limitPerMailbox: 16 });
  other = await Stack.start({ ...SETTINGS, STATE_URL: url, ...proxyEnvironment(slow.fake) });
  token = await slow.fake.issueToken({ roles: [CREATE_PERMISSION] });
});
afterEach(() => Stack.stopAll());

function change(assignment: string): void {
  const database = new DatabaseSync(url.slice('sqlite:'.length));
  database.exec(`UPDATE idempotency_keys SET ${assignment}`);
  database.close();
}
/** As if the slow process had been stopped for so long. */
const runOut = () => {
  change('lease_until_ms = 0');
};
const customers = () => slow.fake.customers(BUSINESS);

it('sends nothing once another process has taken the key over', async () => {
  slow.fake.script([{ kind: 'delay', delayMs: 1000, times: 4 }]);
  const others = ['a', 'b', 'c', 'd'].map((displayName) =>
    slow.create({ token, body: JSON.stringify({ displayName }) }),
  );
  await slow.fake.arrived(4);
  // Claimed, as one of two says, and now it waits for its turn at the mailbox.
  const two = [1, 2].map(() => slow.create({ token, headers: KEY }));
  expect((await Promise.race(two)).status).toBe(409);
  runOut();
  const taken = await other.create({ token, headers: KEY });
  expect(taken.status).toBe(201);
  await Promise.all(others);
  const [late] = (await Promise.all(two)).filter(({ status }) => status !== 409);
  expect(customers()).toHaveLength(5);
  // Or it found the answer when it asked for the key again.
  expect([late?.status, late?.text]).toEqual([201, taken.text]);
});

it('gives the customer of its attempt to no second answer once the key was taken over', async () => {
  // Stored at once, and then the answer takes its time.
  slow.fake.script([{ kind: 'drip', intervalMs: 3 }]);
  const late = slow.create({ token, headers: KEY });
  await slow.fake.arrived(1);
  runOut();
  const two = await other.create({ token, headers: KEY });
  const one = await late;
  expect(customers()).toHaveLength(1);
  expect([two.status, two.headers.get('idempotent-replayed')]).toEqual([201, null]);
  // What it was answered itself is not what the key was given: it asked for that.
  expect([one.status, one.text]).toEqual([201, two.text]);
});

it('looks back to the first attempt, however long ago that was', async () => {
  const gone = { kind: 'reset', when: 'before-stored', times: 10 } as const;
  slow.fake.script([gone]);
  const ask = () =>
    slow.create({ token, headers: KEY, body: JSON.stringify({ displayName: 'Adele' }) });
  expect((await ask()).status).toBe(504);
  slow.fake.script([]);
  const { id } = slow.fake.add(
    BUSINESS,
    { displayName: 'Adele', emailAddress: null, addresses: [], phones: [] },
    new Date(Date.now() - 30_000).toISOString(),
  );
  change('sent_at_ms = sent_at_ms - 60000');
  const found = await ask();
  expect([found.status, found.body['id']]).toEqual([201, id]);
  expect(customers()).toHaveLength(1);
});
