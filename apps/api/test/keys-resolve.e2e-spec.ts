import { describe, expect, it } from '@jest/globals';
import { BUSINESS, customersPath } from './documented.ts';
import { resetAfter, resetBefore } from './faults.ts';
import { ADELE, LostCreates, OTHER_BUSINESS } from './lost-creates.ts';
import { StateFile } from './state-file.ts';

const STORES = ['sqlite', 'postgres'] as const;
const HOUR_MS = 3_600_000;
const FITS =
  'resolved (the customer agrees in full): the next create with this key returns the customer\n';

describe.each(STORES)('keys resolve with %s', (store) => {
  const lost = new LostCreates(store);
  const resolve = (digest: string, business: string, id: unknown, ...more: string[]) =>
    lost.keys(['resolve', digest, '--created', business, String(id), ...more]);
  const remove = (key: string) => lost.keys(['resolve', key, '--not-created']);

  it('takes a customer that agrees in full, and the next create gets it', async () => {
    const digest = await lost.lose('full', resetAfter());
    const [created] = lost.stack.fake.customers(BUSINESS);
    expect(await resolve(digest, BUSINESS.toLowerCase(), created?.id)).toMatchObject({
      code: 0,
      stdout: FITS,
    });
    const repeat = await lost.create('full');
    expect([repeat.status, repeat.body['id']]).toEqual([201, created?.id]);
    expect(lost.stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it('takes a customer whose name is the e-mail address', async () => {
    const digest = await lost.lose('named', resetBefore());
    const displayName = ADELE.emailAddress.toUpperCase();
    const { id } = lost.stack.fake.add(BUSINESS, { ...ADELE, displayName });
    expect((await resolve(digest, BUSINESS, id)).stdout).toBe(FITS);
  });

  const another = { ...ADELE, emailAddress: 'isaiahl@contoso.com' };
  it.each([
    ['agrees in part', { ...ADELE, displayName: 'Adele' }, 0, 'agrees only in the e-mail address'],
    ['differs', another, 0, 'the customer differs from the one that was sent'],
    ['was there before', ADELE, -HOUR_MS, 'the customer was created before the attempt'],
  ])('refuses a customer that %s', async (title, customer, agoMs, message) => {
    const digest = await lost.lose(title, resetBefore());
    const createdAt = new Date(Date.now() + agoMs).toISOString();
    const { id } = lost.stack.fake.add(BUSINESS, customer, createdAt);
    const { code, stderr, stdout } = await resolve(digest, BUSINESS, id);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/adele/i);
    expect((await lost.unknown()).get(digest)).toMatch(/,unknown$/);
    expect((await resolve(digest, BUSINESS, id, '--unchecked')).stdout).toContain('(unchecked)');
    expect((await lost.create(title)).body['id']).toBe(id);
  });

  it.each([[[]], [['--unchecked']]])('refuses another business, with %j', async (more) => {
    const digest = await lost.lose(`business ${more.join()}`, resetAfter());
    const { id } = lost.stack.fake.add(OTHER_BUSINESS, ADELE);
    expect(await resolve(digest, OTHER_BUSINESS, id, ...more)).toMatchObject({
      code: 1,
      stderr: 'the key belongs to another business\n',
    });
    expect((await lost.unknown()).get(digest)).toMatch(/,unknown$/);
    await remove(digest);
  });

  it('refuses the customer of another business under the business of the key', async () => {
    const digest = await lost.lose('elsewhere', resetBefore());
    const { id } = lost.stack.fake.add(OTHER_BUSINESS, ADELE);
    expect(await resolve(digest, BUSINESS, id)).toMatchObject({
      code: 1,
      stderr: 'Graph shows the proxy no such customer in this business\n',
    });
    expect((await lost.unknown()).get(digest)).toMatch(/,unknown$/);
    await remove(digest);
  });

  it('refuses the customer of another key', async () => {
    const owner = await lost.create('owner');
    const digest = await lost.lose('second', resetBefore());
    for (const more of [[], ['--unchecked']]) {
      expect(await resolve(digest, BUSINESS, owner.body['id'], ...more)).toMatchObject({
        code: 1,
        stderr: 'this customer already belongs to another key\n',
      });
    }
    expect((await lost.unknown()).get(digest)).toMatch(/,unknown$/);
    await remove(digest);
  });

  it('says which settings of Graph are missing or wrong', async () => {
    const digest = await lost.lose('settings', resetAfter());
    const named = ['resolve', digest, '--created', BUSINESS, 'x'];
    const missing = await lost.keys(named, { GRAPH_BASE_URL: ' ', AZURE_CLIENT_ID: ' ' });
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^GRAPH_BASE_URL is empty; .*\nAZURE_CLIENT_ID is empty; .*\n$/);
    const refused = await lost.keys(named, { AZURE_CLIENT_SECRET: 'another' });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/^no token for Graph/),
    ]);
    await remove(digest);
  });
});

describe('keys resolve', () => {
  const lost = new LostCreates('sqlite');

  it('takes a record of an earlier release only unchecked', async () => {
    const digest = await lost.lose('before', resetAfter());
    new StateFile(lost.url).change('comparisons = NULL');
    const [created] = lost.stack.fake.customers(BUSINESS);
    const named = ['resolve', digest, '--created', BUSINESS, String(created?.id)];
    const { code, stderr } = await lost.keys(named);
    expect([code, stderr]).toEqual([1, expect.stringContaining('is from an earlier release')]);
    expect((await lost.unknown()).get(digest)).toMatch(/,unknown$/);
    expect((await lost.keys([...named, '--unchecked'])).code).toBe(0);
    expect((await lost.create('before')).body['id']).toBe(created?.id);
  });

  it('refuses a customer whose e-mail address was changed since', async () => {
    const digest = await lost.lose('changed', resetAfter());
    const [created] = lost.stack.fake.customers(BUSINESS);
    const path = `${customersPath()}/${String(created?.id)}`;
    const body = JSON.stringify({ emailAddress: 'isaiahl@contoso.com' });
    expect((await lost.stack.request('PATCH', path, { body })).status).toBe(200);
    const named = ['resolve', digest, '--created', BUSINESS, String(created?.id)];
    expect((await lost.keys(named)).stderr).toContain('the customer differs');
  });
});
