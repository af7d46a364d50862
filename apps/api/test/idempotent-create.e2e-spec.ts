import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BUSINESS, CREATE_PERMISSION, DOCUMENTED_REQUEST } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { jsonObject } from './json.ts';
import { Stack, useStack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';
import { stateUrl } from './temporary-folder.ts';

const relay = new TcpRelay();
const stack = useStack((fake) => relay.graphSettings(fake));

const create = (key: string, body?: unknown, more: { token?: string; path?: string } = {}) =>
  stack.create({
    headers: { 'idempotency-key': key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...more,
  });
/** Number of stored customers. */
const customers = () => stack.fake.customers(BUSINESS).length;

describe('a create with an Idempotency-Key', () => {
  it('is replayed without a request to Graph, and the response says so', async () => {
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
    expect(stack.graphRequests).toBe(1);
  });

  it('is replayed whether the key is quoted or not', async () => {
    const key = newKey();
    await create(`"${key}"`);
    expect((await create(key)).headers.get('idempotent-replayed')).toBe('true');
  });

  it('is replayed for an equivalent body', async () => {
    const key = newKey();
    await create(key);
    const { '@odata.type': _, ...said } = jsonObject(DOCUMENTED_REQUEST);
    const turned = Object.fromEntries(Object.entries(said).reverse());
    expect((await create(key, turned)).headers.get('idempotent-replayed')).toBe('true');
  });

  it('is refused when the body differs', async () => {
    const key = newKey();
    await create(key);
    const response = await create(key, { displayName: 'Adele Vance' });
    expect([response.status, response.error['code']]).toEqual([422, 'IdempotencyKeyReused']);
    expect(response.innerError['origin']).toBe('proxy');
    expect(stack.graphRequests).toBe(1);
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
  ])('does not share its key with %s', async (_title, more) => {
    const key = newKey();
    const first = await create(key);
    const other = await create(key, undefined, await more());
    expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(other.body['id']).not.toBe(first.body['id']);
  });

  it.each([
    ['object id', (user: string) => ({ oid: user, sub: 'the same' })],
    ['`sub`, without object ids', (user: string) => ({ oid: undefined, sub: user })],
  ])('belongs to the user that the token names by its %s', async (_claim, claimsOf) => {
    const key = newKey();
    const createAs = async (user: string) =>
      create(key, undefined, {
        token: await stack.fake.issueToken({ scopes: [CREATE_PERMISSION], claims: claimsOf(user) }),
      });
    const [adele, joni] = [await createAs('adele'), await createAs('joni')];
    expect([adele.status, joni.status]).toEqual([201, 201]);
    expect(joni.body['id']).not.toBe(adele.body['id']);
    expect(customers()).toBe(2);
    expect((await createAs('joni')).text).toBe(joni.text);
  });

  it.each([
    ['two keys', 'one, two'],
    ['an unclosed quote', '"one'],
    ['a space', 'one two'],
    ['an empty key', '""'],
    ['256 characters', 'x'.repeat(256)],
    ['non-ASCII characters', 'schl\u00fcssel'],
  ])('is refused when the key is invalid: %s', async (_title, key) => {
    const response = await create(key);
    expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
    expect(response.error['details']).toMatchObject([{ target: 'idempotency-key' }]);
    expect(stack.graphRequests).toBe(0);
  });

  it('is refused with 409 and Retry-After while an equal create is in progress', async () => {
    const key = newKey();
    relay.hold();
    const first = create(key);
    await stack.fake.arrived(1);
    const meanwhile = await create(key);
    expect([meanwhile.status, meanwhile.error['code']]).toEqual([409, 'IdempotencyKeyInUse']);
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    const duplicate = await create(newKey());
    expect([duplicate.status, duplicate.error['code']]).toEqual([409, 'IdempotencyKeyInUse']);
    relay.release();
    expect((await first).status).toBe(201);
    expect(customers()).toBe(1);
  });

  it('creates one customer for each key', async () => {
    const ids = [await create(newKey()), await create(newKey())].map(({ body }) => body['id']);
    expect(new Set(ids).size).toBe(2);
  });

  it.each([400, 403, 404, 429])(
    'leaves the key unused when Graph responds with %d',
    async (status) => {
      const key = newKey();
      const body = { error: { code: 'x', message: 'y' } };
      stack.fake.script([{ kind: 'status', status, body, times: 3 }]);
      expect((await create(key)).status).toBe(status);
      stack.fake.script([]);
      const again = await create(key, { displayName: 'Adele Vance' });
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null]);
    },
  );

  it('is stored and replayed after the client disconnected', async () => {
    const key = newKey();
    relay.hold();
    const gone = new AbortController();
    const first = stack.create({ headers: { 'idempotency-key': key }, signal: gone.signal });
    await stack.fake.arrived(1);
    gone.abort();
    await expect(first).rejects.toThrow();
    relay.release();
    await stack.app.whenIdle();
    const again = await create(key);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(customers()).toBe(1);
  });

  it('leaves no personal data in the store', async () => {
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

  it('requires a key when IDEMPOTENCY_KEY is "required"', async () => {
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
