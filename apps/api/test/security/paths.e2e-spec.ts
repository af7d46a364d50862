import { describe, expect, it } from '@jest/globals';
import { BUSINESS, relativePath } from '../documented.ts';
import { useStack } from '../stack.ts';
import { BUSINESSES as root, createLines, errorIn, send } from './raw-client.ts';

const stack = useStack({}, { businesses: ['*'] });

const authorized = async (path: string) =>
  send(stack.url, ...(await createLines(stack, path, 'Connection: close')));

describe('the path of a create', () => {
  it.each<[string, string]>([
    [relativePath(), BUSINESS],
    [`/V1.0/Solutions/BookingBusinesses/${BUSINESS}/Customers`, BUSINESS],
    [`/v1.0/solutions/bookingbusinesses/${BUSINESS}/customers/`, BUSINESS],
    [`${root}('${BUSINESS}')/customers`, BUSINESS],
    [`${root}(%27${encodeURIComponent(BUSINESS)}%27)/customers`, BUSINESS],
    [`/solutions/BOOKINGBUSINESSES%28%27a@b.c%27%29/customers/`, 'a@b.c'],
    [`${root}('o''neill@contoso.com')/customers`, "o'neill@contoso.com"],
    [`${root}(%27o%27%27neill@contoso.com%27)/customers`, "o'neill@contoso.com"],
    [`${root}/${encodeURIComponent(BUSINESS)}/customers`, BUSINESS],
    [`${root}/AAQk%2B%2Fx-_%3D%3D/customers`, 'AAQk+/x-_=='],
    [`${root}/...%2F.../customers`, '.../...'],
    [`${root}/a..b%2F.c/customers`, 'a..b/.c'],
    [`${root}/!o'neill*@contoso.com/customers`, "!o'neill*@contoso.com"],
    [`${root}/%C3%BC@contoso.com/customers`, '\u00fc@contoso.com'],
    [`${root}/${'x'.repeat(300)}@contoso.com/customers`, `${'x'.repeat(300)}@contoso.com`],
  ])('addresses the business: %s', async (path, business) => {
    expect(await authorized(path)).toMatch(/^HTTP\/1\.1 201 /);
    const [seen] = stack.fake.requests().requests;
    expect(seen?.business).toBe(business);
    // The id is one path segment.
    expect(seen?.path.split('/')).toHaveLength(6);
    // Characters with a meaning in URLs are encoded.
    expect(seen?.path).toMatch(/^\/v1\.0\/solutions\/bookingBusinesses\/[\w.~%-]+\/customers$/);
  });

  it.each([' ', '"', '#', '%25', '(', ')', ',', ':', ';', '<', '>', '?', '[', ']', '%E2%80%8B'])(
    'cannot contain %s in the business',
    async (character) => {
      const business = `a${encodeURIComponent(decodeURIComponent(character))}b@contoso.com`;
      const part = {
        id: '1',
        method: 'GET',
        url: `/solutions/bookingBusinesses/${business}/customers`,
      };
      const batch = await stack.request('POST', '/v1.0/$batch', {
        body: JSON.stringify({ requests: [part] }),
      });
      const responses = [
        await stack.create({ path: `${root}/${business}/customers` }),
        await stack.request('DELETE', `${root}('${business}')/customers/x`),
        await stack.request('GET', `/permissions?business=${business}`),
      ];
      for (const { status, error } of responses) {
        expect([status, error['code']]).toEqual([400, 'BadRequest']);
      }
      expect(responses[0]?.error['message']).toBe(
        "The id of a business may contain only letters, digits and .@!$&'*+-/=^_`{|}~.",
      );
      expect(batch.body['responses']).toMatchObject([{ status: 400 }]);
      expect(stack.graphRequests).toBe(0);
    },
  );

  it.each<[string, number, string]>([
    [`${root}/%2E%2E/customers`, 400, 'BadRequest'],
    [`${root}/%2e/customers`, 400, 'BadRequest'],
    [`${root}/...%2F../customers`, 400, 'BadRequest'],
    [`${root}/..%2F..%2Fusers/customers`, 400, 'BadRequest'],
    [`${root}/x%2F..%2Fy/customers`, 400, 'BadRequest'],
    [`${root}/x%2F%2E%2e/customers`, 400, 'BadRequest'],
    [`${root}/x%5C..%5Cy/customers`, 400, 'BadRequest'],
    [`${root}('..%2Fx')/customers`, 400, 'BadRequest'],
    [`${root}/a%00b/customers`, 400, 'BadRequest'],
    [`${root}/a%0D%0Ab/customers`, 400, 'BadRequest'],
    [`${root}/a%zz/customers`, 400, 'BadRequest'],
    [`${root}/%C0%AF/customers`, 400, 'BadRequest'],
    [`${root}/%C0%AE%C0%AE%C0%AFx/customers`, 400, 'BadRequest'],
    [`${root}/%E0%80%AE/customers`, 400, 'BadRequest'],
    [`${root}/%ED%A0%80/customers`, 400, 'BadRequest'],
    [`${root}/%u002e%u002e/customers`, 400, 'BadRequest'],
    [`${root}/a%7F/customers`, 400, 'BadRequest'],
    [`${root}/a%C2%85/customers`, 400, 'BadRequest'],
    [`${root}/%24count/customers`, 400, 'BadRequest'],
    [`${root}/a%252Fb/customers`, 400, 'BadRequest'],
    [`${root}/%252e%252e/customers`, 400, 'BadRequest'],
    [`${root}/..;/customers`, 400, 'BadRequest'],
    [`${root}//customers`, 404, 'ResourceNotFound'],
    [`${root}('')/customers`, 404, 'ResourceNotFound'],
    [`${root}('it's')/customers`, 404, 'ResourceNotFound'],
    [`${root}/x/customers/y/z`, 404, 'ResourceNotFound'],
    [`${root}/x/../y/customers`, 404, 'ResourceNotFound'],
    [`${root}/../../users/customers`, 404, 'ResourceNotFound'],
    [`${root}/x\\..\\y/customers`, 400, 'BadRequest'],
    [`${root}/x%2Fcustomers`, 404, 'ResourceNotFound'],
    [`/v1.0/solutions%2FbookingBusinesses/x/customers`, 404, 'ResourceNotFound'],
    [`//v1.0/solutions/bookingBusinesses/x/customers`, 404, 'ResourceNotFound'],
    [`/v1.0/%2e%2e${root}/x/customers`, 404, 'ResourceNotFound'],
    [`/beta/solutions/bookingBusinesses/x/customers`, 404, 'ResourceNotFound'],
    [`/`, 405, 'Request_BadRequest'],
  ])('%s is answered with %i %s', async (path, status, code) => {
    const response = await authorized(path);
    expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(errorIn(response)['code']).toBe(code);
    expect(stack.graphRequests).toBe(0);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'refuses %s and lists the allowed methods',
    async (method) => {
      const response = await stack.create({ method });
      expect([response.status, response.error['code']]).toEqual([405, 'Request_BadRequest']);
      expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
      expect(stack.graphRequests).toBe(0);
    },
  );
});
