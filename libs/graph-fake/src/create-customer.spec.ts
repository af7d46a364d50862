import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, customersPath, minimal, objectIn, refusalIn } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import { GraphFake } from './graph-fake.ts';
import { isRecord } from './record-reader.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

describe('creating a customer', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  afterAll(() => fake.close());

  it('returns the documented response to the documented request, except for id, root and times', async () => {
    const response = await create(fake, documented.request);
    expect(response.status).toBe(201);
    const { createdDateTime, lastUpdatedDateTime, ...entity } = await objectIn(response);
    const page: unknown = JSON.parse(
      documented.response.replace('https://graph.microsoft.com/v1.0', fake.graphUrl),
    );
    if (!isRecord(page)) throw new TypeError('the page has an object');
    expect(entity).toEqual({ ...page, id: expect.stringMatching(guid) });
    expect(Object.keys(entity)).toEqual(Object.keys(page));
    expect([createdDateTime, lastUpdatedDateTime]).toEqual([
      expect.stringMatching(time),
      createdDateTime,
    ]);
  });

  it('sends the observed headers of Graph', async () => {
    const { headers } = await create(fake);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type':
        'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      'odata-version': '4.0',
      'cache-control': 'private',
      'strict-transport-security': 'max-age=31536000',
      'transfer-encoding': 'chunked',
      date: expect.any(String),
      'request-id': expect.stringMatching(guid),
      'client-request-id': headers.get('request-id'),
      'x-ms-ags-diagnostic': expect.stringMatching(/^\{"ServerInfo":\{"DataCenter":/),
      location: expect.stringMatching(/^https:\/\/outlook\.office\.com\//),
    });
  });

  it('echoes the client-request-id', async () => {
    const sent = '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab';
    const { headers } = await create(fake, minimal, { headers: { 'client-request-id': sent } });
    expect(headers.get('client-request-id')).toBe(sent);
    expect(headers.get('request-id')).not.toBe(sent);
  });

  it('returns null and empty lists for absent members', async () => {
    expect(await objectIn(await create(fake))).toMatchObject({
      emailAddress: null,
      addresses: [],
      phones: [],
    });
  });

  it('stores null and empty lists for absent members of a customer that a test adds', () => {
    expect(fake.add(documented.business, { displayName: 'Joni Sherman' })).toMatchObject({
      emailAddress: null,
      addresses: [],
      phones: [],
    });
  });

  it('stores every create, including equal ones, and lists them in order', async () => {
    fake.forget();
    const first = await objectIn(await create(fake));
    const second = await objectIn(await create(fake));
    const ids = fake.customers(documented.business.toUpperCase()).map(({ id }) => id);
    expect(ids).toEqual([first['id'], second['id']]);
    expect(new Set(ids).size).toBe(2);
  });

  it('finds a business in any letter case and returns the configured spelling', async () => {
    const path = customersPath(documented.business.toLowerCase()).replace('solutions', 'SOLUTIONS');
    const entity = await objectIn(await create(fake, minimal, { path }));
    expect(entity['@odata.context']).toContain(
      "('Contosolunchdelivery%40contoso.onmicrosoft.com')",
    );
  });

  it('finds a business by a key that is not percent-encoded', async () => {
    const path = `/solutions/bookingBusinesses/${documented.business}/customers`;
    expect((await create(fake, minimal, { path })).status).toBe(201);
  });

  it('refuses a business that does not exist', async () => {
    const path = customersPath('missing@contoso.com');
    expect(await refusalIn(await create(fake, minimal, { path }))).toEqual({
      status: 404,
      code: 'ErrorNonExistentMailbox',
      message: 'The SMTP address has no mailbox associated with it.',
    });
  });
});

describe('a fake in which every business exists', () => {
  it('creates customers in any business, with Base64 ids', async () => {
    const fake = await GraphFake.start({ businesses: ['*'], idShape: 'base64' });
    try {
      const path = customersPath("o'brien@fabrikam.com");
      const responses = await Promise.all([1, 2].map(() => create(fake, minimal, { path })));
      const [one, two] = await Promise.all(responses.map(objectIn));
      expect(one?.['@odata.context']).toContain("('o''brien%40fabrikam.com')");
      const [first, second] = [one, two].map((entity) =>
        Buffer.from(String(entity?.['id']), 'base64'),
      );
      expect(first?.subarray(4, 40).toString('ascii')).toMatch(guid);
      expect(first?.subarray(0, 43)).toEqual(second?.subarray(0, 43));
      expect(first?.subarray(43)).not.toEqual(second?.subarray(43));
    } finally {
      await fake.close();
    }
  });
});
