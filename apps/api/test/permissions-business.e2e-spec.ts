import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, isWrite } from '@bookings/domain';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { AccessFile } from './access-file.ts';
import { operationsOf, permitted } from './permissions-answer.ts';
import { CREATE_PERMISSION, Stack, customersPath } from './stack.ts';

const KIOSK = 'kiosk@contoso.com';
const READER_APP = 'aaaaaaaa-0000-4000-8000-000000000001';
const STRANGER_APP = 'aaaaaaaa-0000-4000-8000-000000000002';

describe('GET /permissions with a business access file', () => {
  let file: AccessFile;
  let narrowed: Stack;
  beforeAll(async () => {
    file = new AccessFile(
      { businesses: [KIOSK, '*@fabrikam.com'] },
      { appId: READER_APP, businesses: [KIOSK], operations: ['read'] },
    );
    narrowed = await Stack.start({ BUSINESS_ACCESS_FILE: file.path }, { businesses: ['*'] });
  });
  afterAll(async () => {
    await narrowed.stop();
    file.remove();
  });

  const roles = [CREATE_PERMISSION];
  const READS = OPERATION_NAMES.filter((name) => !isWrite(name));

  it.each<[string, CallerTokenRequest, string, readonly string[]]>([
    ['its business', { roles }, 'KIOSK%40contoso.com', OPERATION_NAMES],
    ['one of its pattern', { roles }, 'a%2Bb@fabrikam.com', OPERATION_NAMES],
    ['another', { roles }, 'other@contoso.com', []],
    ['a look-alike', { roles }, '%E2%84%AAiosk@contoso.com', []],
    ['what it may read', { roles, appId: READER_APP }, KIOSK, READS],
    ['without an entry', { roles, appId: STRANGER_APP }, KIOSK, []],
    ['without a permission', { roles: [] }, KIOSK, []],
    ['a user of the application', { scopes: roles }, KIOSK, OPERATION_NAMES],
  ])('tells beforehand what a request would be told: %s', async (_title, held, business, may) => {
    const token = await narrowed.fake.issueToken(held);
    const answer = await narrowed.ask('GET', `/permissions?business=${business}`, { token });
    expect(answer.body['businessAccess']).toEqual({
      narrowed: true,
      message: 'A business access file says which businesses a caller reaches.',
    });
    expect(permitted(answer)).toEqual(may);
    const [create, list] = operationsOf(answer);
    const path = customersPath(business.replace('%2B', '+'));
    for (const [operation, tried] of [
      [create, await narrowed.create({ path, token })],
      [list, await narrowed.ask('GET', path, { token })],
    ] as const) {
      const refused = tried.status === 403;
      expect(refused).toBe(operation?.['permitted'] === false);
      expect(operation?.['missing']).toEqual(refused ? tried.error['details'] : []);
    }
    const others = [READER_APP, STRANGER_APP].filter((appId) => appId !== held.appId);
    for (const other of [...others, '*', 'fabrikam', KIOSK]) {
      expect(answer.text).not.toContain(other);
    }
  });

  it('keeps the verdict of the rule withSeparateAttempts from that of the permission', async () => {
    const token = await narrowed.fake.issueToken({ roles: [], appId: READER_APP });
    const answer = await narrowed.ask('GET', `/permissions?business=${KIOSK}`, { token });
    const [create, list] = operationsOf(answer);
    expect([list?.['business'], list?.['permitted']]).toEqual([{ allowed: true }, false]);
    expect(create).toMatchObject({
      business: {
        allowed: false,
        reason: expect.stringContaining('add the operation "create" to its entry') as unknown,
      },
      missing: [{ code: 'MissingPermission' }, { code: 'BusinessNotAllowed' }],
    });
  });

  it('says without a business that one can be asked about', async () => {
    const answer = await narrowed.ask('GET', '/permissions');
    expect(answer.body['businessAccess']).toEqual({
      narrowed: true,
      message:
        'A business access file says which businesses a caller reaches; ?business= asks about one.',
    });
    expect(permitted(answer)).toEqual(OPERATION_NAMES);
    expect(operationsOf(answer).some((each) => 'business' in each)).toBe(false);
  });
});
