import { describe, expect, it } from '@jest/globals';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { isObject } from '@bookings/domain';
import { AccessFile } from './access-file.ts';
import {
  CREATE_PERMISSION,
  customersPath,
  DOCUMENTED_REQUEST,
  STORED_CUSTOMER,
} from './documented.ts';
import { Stack, useStack } from './stack.ts';

const READER_APP = 'aaaaaaaa-0000-4000-8000-000000000001';
const STRANGER_APP = 'aaaaaaaa-0000-4000-8000-000000000002';
const KIOSK = 'Kiosk@contoso.com';
const SHOP = 'shop@fabrikam.com';
const roles = [CREATE_PERMISSION];

const file = new AccessFile(
  { businesses: [KIOSK, '*@fabrikam.com'] },
  { appId: READER_APP.toUpperCase(), businesses: [KIOSK], operations: ['read'] },
);
const stack = useStack({ BUSINESS_ACCESS_FILE: file.path }, { businesses: ['*'] });

const ANY = { roles };
const READER = { appId: READER_APP, roles };
const STRANGER = { appId: STRANGER_APP, roles };

describe('every operation', () => {
  const REQUESTS: readonly (readonly [string, string, 'read' | 'write'])[] = [
    ['POST', '', 'write'],
    ['GET', '', 'read'],
    ['HEAD', '', 'read'],
    ['GET', '/$count', 'read'],
    ['GET', '/{id}', 'read'],
    ['PATCH', '/{id}', 'write'],
    ['DELETE', '/{id}', 'write'],
  ];

  it.each(REQUESTS)(
    '%s …/customers%s is allowed only where the file allows it',
    async (method, path, kind) => {
      const send = async (held: CallerTokenRequest, business: string) => {
        const { id } = stack.fake.add(business, STORED_CUSTOMER);
        const before = stack.graphRequests;
        const response = await stack.request(
          method,
          `${customersPath(business)}${path.replace('{id}', id)}`,
          {
            token: await stack.fake.issueToken(held),
            ...(['POST', 'PATCH'].includes(method) && { body: '{"displayName":"Joni"}' }),
          },
        );
        return [response.status < 300, stack.graphRequests - before];
      };
      const served = [true, 1];
      const refused = [false, 0];
      const user = { scopes: [CREATE_PERMISSION] };
      const version = '1.0' as const;
      for (const [held, business, expected] of [
        [ANY, KIOSK, served],
        [ANY, SHOP, served],
        [user, KIOSK, served],
        [{ ...ANY, version }, KIOSK, served],
        [{ ...user, version }, KIOSK, served],
        [ANY, 'other@contoso.com', refused],
        [user, 'other@contoso.com', refused],
        [READER, KIOSK, kind === 'read' ? served : refused],
        [{ ...READER, version }, KIOSK, kind === 'read' ? served : refused],
        [READER, SHOP, refused],
        [STRANGER, KIOSK, refused],
        [{ ...user, appId: STRANGER_APP }, KIOSK, refused],
        [{ ...STRANGER, version }, KIOSK, refused],
      ] as const) {
        expect([held, business, await send(held, business)]).toEqual([held, business, expected]);
      }
    },
  );

  it('is refused before its body is read', async () => {
    const path = customersPath('other@contoso.com');
    const response = await stack.create({ path, body: 'x'.repeat(200_000) });
    expect(response.status).toBe(403);
  });

  it.each<[string, CallerTokenRequest, string, string]>([
    ['its entry', STRANGER, KIOSK, 'must add it to the business access file.'],
    [
      'the business',
      ANY,
      'other@contoso.com',
      'must add the business to its entry in the business access file.',
    ],
    [
      'the operation',
      READER,
      KIOSK,
      'must add the operation "create" to its entry in the business access file.',
    ],
    [
      'both',
      READER,
      SHOP,
      'must add the business and the operation "create" to its entry in the business access file.',
    ],
  ])(
    'gets an error that says what to add, without revealing other entries: %s',
    async (_title, held, business, what) => {
      const token = await stack.fake.issueToken(held);
      const {
        status,
        error,
        headers,
        text: body,
      } = await stack.create({
        path: customersPath(business),
        token,
      });
      const message = `This application may not create customers of this business: an administrator of the proxy ${what}`;
      expect([status, error['code'], error['message']]).toEqual([
        403,
        'Authorization_RequestDenied',
        message,
      ]);
      expect(error['details']).toEqual([
        { code: 'BusinessNotAllowed', message, target: 'business' },
      ]);
      expect(headers.get('www-authenticate')).toBeNull();
      expect(body).not.toMatch(/contoso|fabrikam|[0-9a-f]{8}-0000-4000/i);
    },
  );

  it('gets an error that names a missing permission as well', async () => {
    const token = await stack.fake.issueToken({ ...STRANGER, roles: [] });
    const { error } = await stack.create({ path: customersPath(KIOSK), token });
    expect(error['details']).toMatchObject([
      { code: 'MissingPermission', target: 'roles' },
      { code: 'BusinessNotAllowed', target: 'business' },
    ]);
  });
});

describe('a batch', () => {
  it('is authorized part by part', async () => {
    const urls = [
      `/solutions/bookingBusinesses/${KIOSK}/customers`,
      '/solutions/bookingBusinesses/other@contoso.com/customers',
      "/solutions/bookingBusinesses('KIOSK@contoso.com')/customers",
      "/solutions/bookingBusinesses('%E2%84%AAiosk@contoso.com')/customers",
      '/solutions/bookingBusinesses/kiosk%2540contoso.com/customers',
    ];
    const requests = urls.flatMap((url, index) => [
      { id: `read ${index}`, method: 'GET', url },
      {
        id: `write ${index}`,
        method: 'POST',
        url,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.parse(DOCUMENTED_REQUEST) as unknown,
      },
    ]);
    const { body } = await stack.request('POST', '/v1.0/$batch', {
      body: JSON.stringify({ requests }),
    });
    const responses = Array.isArray(body['responses']) ? body['responses'].filter(isObject) : [];
    expect(responses.map(({ status }) => status)).toEqual([
      ...[200, 201],
      ...[403, 403],
      ...[200, 201],
      ...[403, 403],
      ...[403, 403],
    ]);
    expect(responses[2]?.['body']).toMatchObject({
      error: { details: [{ code: 'BusinessNotAllowed' }] },
    });
    expect(stack.graphRequests).toBe(4);
  });
});

describe('without a business access file', () => {
  it('every caller reaches every business', async () => {
    const open = await Stack.start({}, { businesses: ['*'] });
    const token = await open.fake.issueToken(STRANGER);
    const { status } = await open.create({ path: customersPath('any@where.example'), token });
    await open.stop();
    expect(status).toBe(201);
  });
});
