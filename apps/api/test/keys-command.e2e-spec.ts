import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Caller, isObject } from '@bookings/domain';
import { StoreSecret } from '@bookings/idempotency';
import { BUSINESS, Stack, jsonObject } from './stack.ts';
import { stateUrl } from './state-folder.ts';

// The build, as an operator runs it.
const KEYS = fileURLToPath(new URL('../dist/keys.js', import.meta.url));
const STATE_URL = stateUrl();
const STATE_SECRET = 'a secret that is long enough';
const ADELE = { displayName: 'Adele Vance', emailAddress: 'adelev@proseware.com' };

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({
    STATE_URL,
    STATE_SECRET,
    IDEMPOTENCY_SETTLE_MS: '50',
    GRAPH_DEADLINE_MS: '2000',
    GRAPH_ATTEMPT_TIMEOUT_MS: '500',
  });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
  stack.auditLines.length = 0;
});

interface Output {
  code: unknown;
  stdout: string;
  stderr: string;
}

const keys = async (...args: string[]): Promise<Output> => await keysOf(STATE_URL, ...args);

async function keysOf(url: string, ...args: string[]): Promise<Output> {
  const env = { PATH: process.env['PATH'], STATE_URL: url, STATE_SECRET };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [KEYS, ...args], {
      env,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = isObject(error) ? error : {};
    return { code, stdout: String(stdout), stderr: String(stderr) };
  }
}

const create = (key: string) =>
  stack.create({ headers: { 'idempotency-key': key }, body: JSON.stringify(ADELE) });

/** A create that cannot be settled, as two customers agree. @returns digest of its key */
async function unknownCreate(key: string): Promise<string> {
  const stored = { ...ADELE, addresses: [], phones: [] };
  stack.fake.add(BUSINESS, stored);
  stack.fake.script([{ kind: 'reset', when: 'after-stored' }]);
  expect((await create(key)).status).toBe(504);
  return String(jsonObject(stack.auditLines.at(-1) ?? '')['keyDigest']);
}

it('says that the file of the store is not there', async () => {
  const { stderr } = await keysOf(stateUrl(), 'unknown');
  expect(stderr).toContain('STATE_URL names a file that does not exist');
});

it('lists what is unknown, by the digests of the audit', async () => {
  await create('known');
  expect((await keys('unknown')).stdout).toBe('no key has an unknown outcome\n');
  const digest = await unknownCreate('listed');
  expect((await keys('unknown')).stdout).toMatch(new RegExp(`^${digest}\t20\\S+Z\tunknown\n$`));
  expect(await keys('resolve', digest, '--not-created')).toMatchObject({ code: 0 });
});

it('answers the next question with the customer of which the operator says that it was created', async () => {
  const digest = await unknownCreate('created');
  const id = String(stack.fake.customers(BUSINESS)[1]?.id);
  expect(await keys('resolve', digest, '--created', BUSINESS, id)).toMatchObject({ code: 0 });
  expect((await keys('unknown')).stdout).toContain('\tresolved\n');
  const answer = await create('created');
  expect([answer.status, answer.body['id']]).toEqual([201, id]);
  expect(stack.fake.customers(BUSINESS)).toHaveLength(2);
  expect((await keys('unknown')).stdout).toBe('no key has an unknown outcome\n');
});

it('frees the key of which the operator says that it has created nothing', async () => {
  const digest = await unknownCreate('not-created');
  expect((await keys('resolve', digest, '--not-created')).code).toBe(0);
  expect((await create('not-created')).status).toBe(201);
  expect(stack.fake.customers(BUSINESS)).toHaveLength(3);
});

it('gives no customer to two keys, and resolves nothing that is known', async () => {
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

it('takes a digest that begins with a dash, as one of 64 does', async () => {
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
  const secret = new StoreSecret(STATE_SECRET);
  let index = 0;
  while (!secret.key(owner, `dash-${index}`).startsWith('-')) index += 1;
  stack.fake.forget();
  const digest = await unknownCreate(`dash-${index}`);
  expect(digest).toMatch(/^-/);
  const id = String(stack.fake.customers(BUSINESS)[0]?.id);
  expect(await keys('resolve', digest, '--created', BUSINESS, id)).toMatchObject({ code: 0 });
  expect(await keys('resolve', '--not-created', '--', digest)).toMatchObject({ code: 0 });
});

it.each([
  [[]],
  [['known']],
  [['resolve']],
  [['resolve', 'x']],
  [['resolve', 'x', '--created', 'b']],
  [['resolve', 'x', '--not-creatd']],
  [['resolve', '--created', 'x', '--not-created']],
  [['unknown', '--all']],
])('says how it is used: %j', async (args) => {
  const { code, stderr } = await keys(...args);
  expect([code, stderr.slice(0, 6)]).toEqual([1, 'usage:']);
});
