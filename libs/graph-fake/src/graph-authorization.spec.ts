import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { minimal, refusalIn, send } from './client.fixture.ts';
import { GraphFake } from './graph-fake.ts';

const read = 'Bookings.Read.All';
const appointment = 'BookingsAppointment.ReadWrite.All';
const readWrite = 'Bookings.ReadWrite.All';
const manage = 'Bookings.Manage.All';

describe('the authorization of a create', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  afterAll(() => fake.close());

  it('refuses a request without a token, with the challenge that Graph sends', async () => {
    const response = await send(fake, minimal, {});
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
    );
    expect(await refusalIn(response)).toEqual({
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: 'Access token is empty.',
    });
  });

  it('refuses a token that has expired', async () => {
    const token = await fake.issueGraphToken({ lifetimeSeconds: -1 });
    expect(await refusalIn(await send(fake, minimal, { token }))).toEqual({
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: 'Lifetime validation failed, the token is expired.',
    });
  });

  it('refuses a token that it did not issue', async () => {
    const stranger = await GraphFake.start();
    const token = await stranger.issueGraphToken({ audience: fake.url });
    await stranger.close();
    expect((await send(fake, minimal, { token })).status).toBe(401);
  });

  it('refuses a token for the proxy, one before its nbf and one that is no JWT', async () => {
    const tokens = [
      await fake.issueToken({ roles: [appointment] }),
      await fake.issueGraphToken({ notBeforeSeconds: 60 }),
      await fake.issueGraphToken({ header: { alg: 'none' } }),
      'garbled',
    ];
    for (const token of tokens) {
      const response = await send(fake, minimal, { token });
      expect(response.headers.has('www-authenticate')).toBe(true);
      expect(await refusalIn(response)).toMatchObject({
        status: 401,
        code: 'InvalidAuthenticationToken',
      });
    }
  });

  it.each([
    ['an application', 'without permissions', { roles: [] }, 403],
    ['an application', read, { roles: [read] }, 403],
    ['an application', readWrite, { roles: [readWrite] }, 403],
    ['an application', manage, { roles: [manage] }, 403],
    ['an application', appointment, { roles: [read, appointment] }, 201],
    ['a user', 'without permissions', { scopes: [] }, 403],
    ['a user', read, { scopes: [read] }, 403],
    ['a user', appointment, { scopes: [appointment] }, 201],
    ['a user', readWrite, { scopes: `openid ${readWrite}` }, 201],
    ['a user', manage, { scopes: [manage] }, 201],
    ['a user', 'with a role alone', { scopes: [], roles: [appointment] }, 403],
  ])('answers %s with %s: %j gets %i', async (_who, _what, request, status) => {
    const token = await fake.issueGraphToken(request);
    const response = await send(fake, minimal, { token });
    expect(response.status).toBe(status);
    if (status === 201) return;
    expect(await refusalIn(response)).toEqual({
      status,
      code: 'Authorization_RequestDenied',
      message: 'Insufficient privileges to complete the operation.',
    });
  });

  it("accepts tokens for Graph's real audience, and those from before a key rotation", async () => {
    const token = await fake.issueGraphToken({ audience: 'https://graph.microsoft.com' });
    await fake.rotateKeys();
    expect((await send(fake, minimal, { token })).status).toBe(201);
  });
});
