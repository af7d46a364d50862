import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { AccessFile } from './access-file.ts';
import { CREATE_PERMISSION } from './documented.ts';
import { useStack } from './stack.ts';

const KIOSK = 'Kiosk@contoso.com';

const file = new AccessFile({ businesses: [KIOSK, '*@fabrikam.com'] });
const stack = useStack({ BUSINESS_ACCESS_FILE: file.path }, { businesses: ['*'] });

/** Lists customers over a raw connection, so that no client normalizes the path. */
async function listed(path: string): Promise<number> {
  const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
  );
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(await text(socket))?.[1]);
}

const root = '/v1.0/solutions/bookingBusinesses';

describe('a caller with an entry in the business access file', () => {
  it.each<[string, string]>([
    [`${root}/${KIOSK}/customers`, KIOSK],
    [`${root}/kIOSK@CONTOSO.com/customers`, 'kIOSK@CONTOSO.com'],
    [`${root}/kiosk%40contoso.com/customers`, 'kiosk@contoso.com'],
    [`${root}/%6b%49osk@contoso%2Ecom/customers`, 'kIosk@contoso.com'],
    [`${root}('kiosk@contoso.com')/customers`, 'kiosk@contoso.com'],
    [`/SOLUTIONS/BOOKINGBUSINESSES%28%27kiosk%40contoso.com%27%29/CUSTOMERS/`, 'kiosk@contoso.com'],
    [`http://other${root}/kiosk@contoso.com/customers`, 'kiosk@contoso.com'],
    [`${root}/anything@fabrikam.com/customers`, 'anything@fabrikam.com'],
    [`${root}('o''neill@fabrikam.com')/customers`, "o'neill@fabrikam.com"],
  ])('reaches its business as %s', async (path, business) => {
    expect(await listed(path)).toBe(200);
    expect(stack.fake.requests().requests.map((seen) => seen.business)).toEqual([business]);
  });

  it.each<[string, string]>([
    ['another business', `${root}/other@contoso.com/customers`],
    ['another business in the key form', `${root}('other@contoso.com')/customers`],
    ['the Kelvin sign for K', `${root}/%E2%84%AAiosk@contoso.com/customers`],
    ['the Kelvin sign for K in the key form', `${root}('%E2%84%AAiosk@contoso.com')/customers`],
    ['a dotless i', `${root}/k%C4%B1osk@contoso.com/customers`],
    ['a capital I with a dot', `${root}/k%C4%B0osk@contoso.com/customers`],
    ['full-width letters', `${root}/%EF%BD%8Biosk@contoso.com/customers`],
    ['a full-width @', `${root}/x%EF%BC%A0fabrikam.com/customers`],
    ['a Cyrillic letter', `${root}/kiosk@%D1%81ontoso.com/customers`],
    ['a combining accent', `${root}/kiosk%CC%81@fabrikam.com/customers`],
    ['an invisible character', `${root}/%E2%80%8Bkiosk@contoso.com/customers`],
    ['a second encoding', `${root}/kiosk%2540contoso.com/customers`],
    ['a second encoding of a letter', `${root}/%256biosk@fabrikam.com/customers`],
    ['a slash', `${root}/other@contoso.com%2Fx@fabrikam.com/customers`],
    ['a slash after two dots', `${root}/..%2Fx@fabrikam.com/customers`],
    ['a backslash', `${root}/..%5Cx@fabrikam.com/customers`],
    ['two @ signs', `${root}/other@contoso.com@fabrikam.com/customers`],
    ['a space at the end', `${root}/kiosk@contoso.com%20/customers`],
    ['a NUL', `${root}/other@contoso.com%00@fabrikam.com/customers`],
    ['a NUL at the end', `${root}/kiosk@contoso.com%00/customers`],
    ['a line break', `${root}/kiosk@contoso.com%0A/customers`],
    ['a dot at the end', `${root}/kiosk@contoso.com./customers`],
    ['a dot', `${root}/%2e/customers`],
    ['two dots', `${root}/%2e%2e/customers`],
    ['quotes without brackets', `${root}/%27kiosk@contoso.com%27/customers`],
    ['a longer domain', `${root}/x@fabrikam.com.example/customers`],
    ['its own pattern with another domain', `${root}/*@contoso.com/customers`],
    ['an id that is not an address', `${root}/kiosk/customers`],
    ['a very long id', `${root}/${'x'.repeat(5000)}@fabrikam.com/customers`],
  ])('is refused when the path has %s', async (_title, path) => {
    expect(await listed(path)).toBe(403);
    expect(stack.graphRequests).toBe(0);
  });
});
