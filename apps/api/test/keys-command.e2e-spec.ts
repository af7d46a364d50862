import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it } from '@jest/globals';
import type { Caller } from '@bookings/domain';
import { proxyEnvironment } from '@bookings/graph-fake';
import { StoreConnection } from '@bookings/idempotency';
import { BUSINESS } from './documented.ts';
import { NO_LINGER, resetAfter } from './faults.ts';
import { jsonObject } from './json.ts';
import { runKeys } from './keys-process.ts';
import { useStack } from './stack.ts';
import { stateUrl } from './temporary-folder.ts';

const STATE_URL = stateUrl();
const STATE_SECRET = 'a secret that is long enough';
const ADELE = { displayName: 'Adele Vance', emailAddress: 'adelev@proseware.com' };

const stack = useStack({ STATE_URL, STATE_SECRET, ...NO_LINGER, IDEMPOTENCY_SETTLE_MS: '50' });
beforeEach(() => {
  stack.auditLines.length = 0;
});

const keysOf = (url: string, ...args: string[]) =>
  runKeys({ ...proxyEnvironment(stack.fake), STATE_URL: url, STATE_SECRET }, ...args);
const keys = (...args: string[]) => keysOf(STATE_URL, ...args);

const create = (key: string) =>
  stack.create({ headers: { 'idempotency-key': key }, body: JSON.stringify(ADELE) });

/** Sends a create that stays unknown, because two customers match. @returns the digest of its key */
async function unknownCreate(key: string): Promise<string> {
  stack.fake.add(BUSINESS, ADELE);
  stack.fake.script([resetAfter()]);
  expect((await create(key)).status).toBe(504);
  return String(jsonObject(stack.auditLines.at(-1) ?? '')['keyDigest']);
}

it('refuses a SQLite file that does not exist', async () => {
  const { code, stderr } = await keysOf(stateUrl(), 'unknown');
  expect(code).toBe(1);
  expect(stderr).toContain('STATE_URL names a file that does not exist');
});

it('lists unknown keys by the digests in the audit', async () => {
  await create('known');
  expect((await keys('unknown')).stdout).toBe('no key has an unknown outcome\n');
  const digest = await unknownCreate('listed');
  expect((await keys('unknown')).stdout).toMatch(new RegExp(`^${digest}\t20\\S+Z\tunknown\n$`));
  expect(await keys('resolve', digest, '--not-created')).toMatchObject({ code: 0 });
});

it('lets a retry return the customer that the operator names', async () => {
  const digest = await unknownCreate('created');
  const id = String(stack.fake.customers(BUSINESS)[1]?.id);
  expect(await keys('resolve', digest, '--created', BUSINESS, id)).toMatchObject({ code: 0 });
  expect((await keys('unknown')).stdout).toContain('\tresolved\n');
  const response = await create('created');
  expect([response.status, response.body['id']]).toEqual([201, id]);
  expect(stack.fake.customers(BUSINESS)).toHaveLength(2);
  expect((await keys('unknown')).stdout).toBe('no key has an unknown outcome\n');
});

it('frees the key when the operator declares that nothing was created', async () => {
  const digest = await unknownCreate('not-created');
  expect((await keys('resolve', digest, '--not-created')).code).toBe(0);
  expect((await create('not-created')).status).toBe(201);
  expect(stack.fake.customers(BUSINESS)).toHaveLength(3);
});

it('refuses a customer of another key, and a key that is not unknown', async () => {
  const owner = await create('owner');
  const digest = await unknownCreate('another');
  const id = String(owner.body['id']);
  expect(await keys('resolve', digest, '--created', BUSINESS, id)).toMatchObject({
    code: 1,
    stderr: 'this customer already belongs to another key\n',
  });
  await keys('resolve', digest, '--not-created');
  expect(await keys('resolve', digest, '--not-created')).toMatchObject({
    code: 1,
    stderr: 'the key does not exist, or its outcome is known\n',
  });
});

it('accepts a digest that begins with a dash', async () => {
  await create('another');
  const { appId, tenantId } = jsonObject(stack.auditLines.at(-1) ?? '');
  const caller: Caller = {
    kind: 'application',
    appId: String(appId),
    tenantId: String(tenantId),
    permissions: [],
    personal: false,
  };
  const owner = { caller, business: BUSINESS, operation: 'createCustomer' };
  const store = new StoreConnection({
    url: STATE_URL,
    secret: STATE_SECRET,
    previousSecret: undefined,
  });
  const { secret } = await store.connect();
  let index = 0;
  while (!secret.keyDigest(owner, `dash-${index}`).startsWith('-')) index += 1;
  stack.fake.forget();
  const digest = await unknownCreate(`dash-${index}`);
  expect(digest).toMatch(/^-/);
  await store.close();
  const id = String(stack.fake.customers(BUSINESS)[0]?.id);
  expect(await keys('resolve', digest, '--created', BUSINESS, id)).toMatchObject({ code: 0 });
  expect(await keys('resolve', '--not-created', '--', digest)).toMatchObject({ code: 0 });
});

it('deletes no keys, which a proxy with a longer retention still promises', async () => {
  const url = stateUrl();
  const store = new StoreConnection({ url, secret: STATE_SECRET, previousSecret: undefined });
  const event = { kind: 'acquire', fingerprint: 'old', leaseMs: 0 } as const;
  await (await store.connect()).store.apply('old', event);
  await store.close();
  using database = new DatabaseSync(url.slice('sqlite:'.length));
  // Older than ten times the default retention, after which every key is deleted.
  database.exec('UPDATE idempotency_keys SET changed_at_ms = changed_at_ms - 11 * 24 * 3600000');
  for (const args of [['unknown'], ['settle'], ['guard', '--since', '2026-01-01T00:00:00Z']]) {
    expect(await keysOf(url, ...args)).toMatchObject({ code: 0 });
    const [row] = database.prepare('SELECT count(*) AS keys FROM idempotency_keys').all();
    expect([args[0], row?.['keys']]).toEqual([args[0], 1]);
  }
});

it.each([
  [[]],
  [['known']],
  [['resolve']],
  [['resolve', 'x']],
  [['resolve', 'x', '--created', 'b']],
  [['resolve', 'x', '--not-creatd']],
  [['resolve', '--created', 'x', '--not-created']],
  [['resolve', 'x', '--not-created', '--unchecked']],
  [['unknown', '--all']],
  [['unknown', '--audit']],
  [['unknown', '--business', 'b@contoso.com']],
  [['settle', 'x']],
  [['settle', '--created']],
  [['settle', '--business', 'no business']],
  [['forget-previous-secret', 'x']],
  [['backup']],
  [['backup', 'one', 'two']],
])('prints its usage for the arguments %j', async (args) => {
  const { code, stderr } = await keys(...args);
  expect([code, stderr.slice(0, 6)]).toEqual([1, 'usage:']);
});
