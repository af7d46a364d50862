import { describe, expect, it } from '@jest/globals';
import { getPart, partsOf, sendBatch } from './batch-requests.ts';
import { customersPath } from './documented.ts';
import { useStack } from './stack.ts';

const AUDIENCE = 'api://bookings.contoso.com';
const stack = useStack((fake) => ({
  AUTH_AUDIENCES: `${fake.client.audience},11111111-2222-3333-4444-555555555555,${AUDIENCE}`,
  BODY_LIMIT_BYTES: '2048',
}));
const FORM = 'Send the header Authorization: Bearer TOKEN.';

describe('an error says what to do', () => {
  it('names the limit of a body', async () => {
    const { status, error } = await stack.create({ body: `{"displayName":"${'x'.repeat(2048)}"}` });
    expect(status).toBe(413);
    expect(error['message']).toContain('The limit is 2048 bytes.');
  });

  it('names the audience that a token must have', async () => {
    const token = await stack.fake.issueToken({ audience: 'https://graph.microsoft.com' });
    const { status, error, headers } = await stack.create({ token });
    expect(status).toBe(401);
    expect(error['message']).toContain(`request a token for`);
    expect(error['message']).toContain(AUDIENCE);
    expect(error['message']).not.toContain('graph.microsoft.com');
    expect(headers.get('www-authenticate')).toContain(AUDIENCE);
  });

  it.each(['eyJ.eyJ.x', 'Token eyJ', 'Basic eDp5', 'Bearer', 'Bearer: x', 'Bearer "x"'])(
    'shows the form of Authorization after %j',
    async (authorization) => {
      const { status, error } = await stack.create({ token: null, headers: { authorization } });
      expect([status, error['message']]).toEqual([401, expect.stringContaining(FORM)]);
    },
  );

  it('shows the form of Authorization where it is missing', async () => {
    const { status, error, headers } = await stack.create({ token: null });
    expect([status, error['message']]).toEqual([401, expect.stringContaining(FORM)]);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it('shows the pattern of a path with 404', async () => {
    const pattern = '/solutions/bookingBusinesses/{business}/customers';
    const alone = await stack.request('GET', `${customersPath()}s/joni@contoso.com`);
    expect([alone.status, alone.error['message']]).toEqual([
      404,
      expect.stringContaining(`/v1.0${pattern}, `),
    ]);
    expect(alone.text).not.toContain('joni');
    const [part] = partsOf(await sendBatch(stack, [getPart('1', '/me')]));
    const message = expect.stringContaining(pattern) as unknown;
    expect(part).toMatchObject({ status: 404, body: { error: { message } } });
  });

  it('says what a token holds, and repeats nothing that is no permission', async () => {
    const roles = ['User.Read.All', 'joni@contoso.com', '<b>', ...Array<string>(20).fill('A.B')];
    const token = await stack.fake.issueToken({ roles });
    const { status, error } = await stack.create({ token });
    expect(status).toBe(403);
    expect(error['message']).toContain('It holds User.Read.All, A.B, A.B,');
    expect(error['message']).toContain(', 13 more. An administrator of the tenant can assign');
    expect(error['message']).not.toMatch(/joni|<b>/);
    const none = await stack.create({ token: await stack.fake.issueToken({ roles: [] }) });
    expect(none.error['message']).toContain('It holds none.');
  });
});
