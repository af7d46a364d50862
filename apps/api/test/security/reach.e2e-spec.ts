import { describe, expect, it } from '@jest/globals';
import { customersPath } from '../documented.ts';
import { useStack } from '../stack.ts';

const stack = useStack({}, { businesses: ['*'] });

const PLACES = ['', '/$count', '/x'];

/** The statuses of a read with `query`, alone and in a batch. */
async function statuses(place: string, query: string): Promise<unknown[]> {
  const path = `${customersPath()}${place}?${query}`;
  const { status } = await stack.request('GET', path);
  const body = JSON.stringify({ requests: [{ id: '1', method: 'GET', url: path }] });
  const { responses } = (await stack.request('POST', '/v1.0/$batch', { body })).body;
  const parts = Array.isArray(responses) ? (responses as { status: unknown }[]) : [];
  return [status, ...parts.map((part) => part.status)];
}

describe.each(PLACES)('a query of customers%s', (place) => {
  it.each([
    '$expand=a/b',
    '$expand=a%2Fb',
    '$expand=a%252Fb',
    '$expand=a($filter=b)',
    '$expand=%24root',
    '%24expand=a%28b%29',
    '$filter=$root/users/any()',
    '$filter=%24RoOt%2Fusers',
    '$filter=%2524root%2Fusers',
    "$filter=displayName%20eq%20'x'%20or%20$it/a",
    '$orderby=$crossjoin(a,b)',
    '$orderby=%24it%2Fa',
    '$select=id($expand=x)',
    '$skiptoken=x&$filter=@a&@a=$root/users/any()',
  ])('cannot reach other resources: %s', async (query) => {
    expect(await statuses(place, query)).toEqual([400, 400]);
    expect(stack.graphRequests).toBe(0);
  });

  it.each(['$filter=displayName%20eq%20%27$root/x%27', '$expand=x', '$orderby=displayName'])(
    'is forwarded unchanged when it does not: %s',
    async (query) => {
      await statuses(place, query);
      const queries = stack.fake.requests().requests.map(({ path }) => path.split('?')[1]);
      expect(queries).toEqual([query, query]);
    },
  );
});

describe('a business in look-alike letters', () => {
  it('is a different business for the queue and for keys', async () => {
    const spellings = ['kiosk@contoso.com', 'KIOSK@contoso.com', '\u212aiosk@contoso.com'];
    const headers = { 'Idempotency-Key': 'one-key' };
    const responses = [];
    for (const each of spellings) {
      responses.push(
        await stack.create({ path: customersPath(encodeURIComponent(each)), headers }),
      );
    }
    expect(responses.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(responses.map(({ headers: fields }) => fields.get('idempotent-replayed'))).toEqual([
      null,
      'true',
      null,
    ]);
    expect(Object.keys(stack.fake.requests().peakByMailbox)).toEqual([spellings[0], spellings[2]]);
  });
});
