import { describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, isWrite } from '@bookings/domain';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { AccessFile } from './access-file.ts';
import { CREATE_PERMISSION, customersPath } from './documented.ts';
import { operationsOf, permitted } from './permissions-response.ts';
import { useStack } from './stack.ts';

const KIOSK = 'kiosk@contoso.com';
const READER_APP = 'aaaaaaaa-0000-4000-8000-000000000001';
const STRANGER_APP = 'aaaaaaaa-0000-4000-8000-000000000002';

const file = new AccessFile(
  { businesses: [KIOSK, '*@fabrikam.com'] },
  { appId: READER_APP, businesses: [KIOSK], operations: ['read'] },
);
const stack = useStack({ BUSINESS_ACCESS_FILE: file.path }, { businesses: ['*'] });

describe('GET /permissions with a business access file', () => {
  const roles = [CREATE_PERMISSION];
  const READS = OPERATION_NAMES.filter((name) => !isWrite(name));

  it.each<[string, CallerTokenRequest, string, readonly string[]]>([
    ['an allowed business', { roles }, 'KIOSK%40contoso.com', OPERATION_NAMES],
    ['a business that matches a pattern', { roles }, 'a%2Bb@fabrikam.com', OPERATION_NAMES],
    ['another business', { roles }, 'other@contoso.com', []],
    ['a business in look-alike letters', { roles }, '%E2%84%AAiosk@contoso.com', []],
    ['a business with read access', { roles, appId: READER_APP }, KIOSK, READS],
    ['an application without an entry', { roles, appId: STRANGER_APP }, KIOSK, []],
    ['an application without a permission', { roles: [] }, KIOSK, []],
    ['a user of the application', { scopes: roles }, KIOSK, OPERATION_NAMES],
  ])('predicts the result of a request: %s', async (_title, held, business, may) => {
    const token = await stack.fake.issueToken(held);
    const response = await stack.request('GET', `/permissions?business=${business}`, { token });
    expect(response.body['businessAccess']).toEqual({
      narrowed: true,
      message: 'A business access file says which businesses a caller reaches.',
    });
    expect(permitted(response)).toEqual(may);
    const [create, list] = operationsOf(response);
    const path = customersPath(business.replace('%2B', '+'));
    for (const [operation, tried] of [
      [create, await stack.create({ path, token })],
      [list, await stack.request('GET', path, { token })],
    ] as const) {
      const refused = tried.status === 403;
      expect(refused).toBe(operation?.['permitted'] === false);
      expect(operation?.['missing']).toEqual(refused ? tried.error['details'] : []);
    }
    const others = [READER_APP, STRANGER_APP].filter((appId) => appId !== held.appId);
    for (const other of [...others, '*', 'fabrikam', KIOSK]) {
      expect(response.text).not.toContain(other);
    }
  });

  it('reports business access separately from permissions', async () => {
    const token = await stack.fake.issueToken({ roles: [], appId: READER_APP });
    const response = await stack.request('GET', `/permissions?business=${KIOSK}`, { token });
    const [create, list] = operationsOf(response);
    expect([list?.['business'], list?.['permitted']]).toEqual([{ allowed: true }, false]);
    expect(create).toMatchObject({
      business: {
        allowed: false,
        reason: expect.stringContaining('add the operation "create" to its entry') as unknown,
      },
      missing: [{ code: 'MissingPermission' }, { code: 'BusinessNotAllowed' }],
    });
  });

  it('explains the query parameter when it is missing', async () => {
    const response = await stack.request('GET', '/permissions');
    expect(response.body['businessAccess']).toEqual({
      narrowed: true,
      message:
        'A business access file says which businesses a caller reaches; ?business= asks about one.',
    });
    expect(permitted(response)).toEqual(OPERATION_NAMES);
    expect(operationsOf(response).some((each) => 'business' in each)).toBe(false);
  });
});
