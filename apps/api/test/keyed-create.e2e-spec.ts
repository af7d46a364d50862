import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stateUrl } from './state-folder.ts';
import { BUSINESS, CREATE_PERMISSION, DOCUMENTED_REQUEST, Stack, jsonObject } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

let keys = 0;
/** A key that no other test has. */
const newKey = () => `key-${(keys += 1)}`;
const create = (key: string, body?: unknown, more: { token?: string; path?: string } = {}) =>
  stack.create({
    headers: { 'idempotency-key': key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...more,
  });
/** How many customers there are. */
const customers = () => stack.fake.customers(BUSINESS).length;

describe('a create with an Idempotency-Key', () => {
  it('gives the same answer again, and says so, without asking Graph', async () => {
    const key = newKey();
    const first = await create(key);
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    const again = await create(key);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    for (const name of ['location', 'content-type', 'etag']) {
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    }
    expect(again.headers.get('request-id')).not.toBe(first.headers.get('request-id'));
    expect(stack.seen).toBe(1);
  });

  it('takes a quoted key for the same as a bare one', async () => {
    const key = newKey();
    await create(`"${key}"`);
    expect((await create(key)).headers.get('idempotent-replayed')).toBe('true');
  });

  it('takes the same customer for the same body, however it is written', async () => {
    const key = newKey();
    await create(key);
    const { '@odata.type': _, ...said } = jsonObject(DOCUMENTED_REQUEST);
    const turned = Object.fromEntries(Object.entries(said).reverse());
    expect((await create(key, turned)).headers.get('idempotent-replayed')).toBe('true');
  });

  it('refuses the key with another body', async () => {
    const key = newKey();
    await create(key);
    const answer = await create(key, { displayName: 'Adele Vance' });
    expect([answer.status, answer.error['code']]).toEqual([422, 'IdempotencyKeyReused']);
    expect(answer.innerError['origin']).toBe('proxy');
    expect(stack.seen).toBe(1);
  });

  it.each<[string, () => Promise<{ token?: string; path?: string }>]>([
    [
      'another application',
      async () => ({
        token: await stack.fake.issueToken({
          roles: [CREATE_PERMISSION],
          appId: '99999999-2222-3333-4444-555555555555',
        }),
      }),
    ],
    [
      'a user',
      async () => ({ token: await stack.fake.issueToken({ scopes: ['Bookings.Manage.All'] }) }),
    ],
    [
      'another business',
      () =>
        Promise.resolve({
          path: '/v1.0/solutions/bookingBusinesses/Contosolunchdelivery@contoso.com/customers',
        }),
    ],
  ])('takes the key of %s for another key', async (_title, more) => {
    const key = newKey();
    const first = await create(key);
    const other = await create(key, undefined, await more());
    expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(other.body['id']).not.toBe(first.body['id']);
  });

  it.each([
    ['several', 'one, two'],
    ['an unclosed quote', '"one'],
    ['a space', 'one two'],
    ['nothing', '""'],
    ['256 characters', 'x'.repeat(256)],
    ['what is no ASCII', 'schl\u00fcssel'],
  ])('refuses %s for a key', async (_title, key) => {
    const answer = await create(key);
    expect([answer.status, answer.error['code']]).toEqual([400, 'BadRequest']);
    expect(answer.error['details']).toMatchObject([{ target: 'idempotency-key' }]);
    expect(stack.seen).toBe(0);
  });

  it('says who asks while the first is under way, and when to ask again', async () => {
    const key = newKey();
    stack.fake.script([{ kind: 'delay', delayMs: 300 }]);
    const first = create(key);
    await stack.fake.arrived(1);
    const meanwhile = await create(key);
    expect([meanwhile.status, meanwhile.error['code']]).toEqual([409, 'IdempotencyKeyInUse']);
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    const duplicate = await create(newKey());
    expect([duplicate.status, duplicate.error['code']]).toEqual([409, 'IdempotencyKeyInUse']);
    expect((await first).status).toBe(201);
    expect(customers()).toBe(1);
  });

  it('creates as often as there are keys', async () => {
    const ids = [await create(newKey()), await create(newKey())].map(({ body }) => body['id']);
    expect(new Set(ids).size).toBe(2);
  });

  it.each([400, 403, 404, 429])('leaves the key free when Graph says %d', async (status) => {
    const key = newKey();
    const body = { error: { code: 'x', message: 'y' } };
    stack.fake.script([{ kind: 'status', status, body, times: 3 }]);
    expect((await create(key)).status).toBe(status);
    stack.fake.script([]);
    const again = await create(key, { displayName: 'Adele Vance' });
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });

  it('remembers what its caller did not wait for', async () => {
    const key = newKey();
    stack.fake.script([{ kind: 'delay', delayMs: 200 }]);
    const gone = new AbortController();
    const first = stack.create({ headers: { 'idempotency-key': key }, signal: gone.signal });
    await stack.fake.arrived(1);
    gone.abort();
    await expect(first).rejects.toThrow();
    await stack.app.whenIdle();
    const again = await create(key);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(customers()).toBe(1);
  });

  it('is remembered part by part in a batch', async () => {
    const key = newKey();
    const part = (id: string) => ({
      id,
      method: 'POST',
      url: `/solutions/bookingBusinesses/${BUSINESS}/customers`,
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: { displayName: 'Adele Vance' },
      ...(id === 'b' && { dependsOn: ['a'] }),
    });
    const { body } = await stack.ask('POST', '/v1.0/$batch', {
      body: JSON.stringify({ requests: [part('a'), part('b')] }),
    });
    expect(body['responses']).toMatchObject([
      { status: 201 },
      { status: 201, headers: { 'Idempotent-Replayed': 'true' } },
    ]);
    expect(customers()).toBe(1);
  });

  it.each<[string, Record<string, string>, Record<string, string>, number]>([
    ['for a batch as a whole', { 'idempotency-key': 'k' }, {}, 400],
    ['twice for a part', {}, { 'Idempotency-Key': 'a', 'idempotency-key': 'b' }, 400],
  ])('is refused %s', async (_title, headers, ofPart, status) => {
    const url = `/solutions/bookingBusinesses/${BUSINESS}/customers`;
    const part = { id: 'a', method: 'POST', url, headers: ofPart, body: { displayName: 'Adele' } };
    const body = JSON.stringify({ requests: [part] });
    expect((await stack.ask('POST', '/v1.0/$batch', { body, headers })).status).toBe(status);
    expect(stack.seen).toBe(0);
  });

  it('leaves nothing in the store that names anybody', async () => {
    const url = stateUrl();
    const own = await Stack.start({ STATE_URL: url });
    await own.create({ headers: { 'idempotency-key': 'key-of-joni' } });
    await own.stop();
    const folder = dirname(url.slice('sqlite:'.length));
    const files = readdirSync(folder).filter((name) => !name.endsWith('.secret'));
    const kept = Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
    expect(kept.includes('idempotency_keys')).toBe(true);
    for (const mark of ['Joni', 'relecloud', '206-555', 'Main Street', 'contoso', 'key-of']) {
      expect([mark, kept.includes(mark)]).toEqual([mark, false]);
    }
  });

  it('is needed where it is required', async () => {
    const strict = await Stack.start({ IDEMPOTENCY_KEY: 'required' });
    const without = await strict.create();
    expect([without.status, without.error['details']]).toMatchObject([
      400,
      [{ target: 'idempotency-key' }],
    ]);
    expect((await strict.create({ headers: { 'idempotency-key': 'k' } })).status).toBe(201);
    await strict.stop();
  });
});
