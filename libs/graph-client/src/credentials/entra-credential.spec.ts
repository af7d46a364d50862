import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Caller, type GraphError, USER_REFUSALS } from '@bookings/domain';
import { EntraCredential } from './entra-credential.ts';
import { ConfidentialIdentity } from './proxy-identity.ts';
import { type TokenResponse, TokenService } from './token-service.fixture.ts';

const CLAIMS = '{"access_token":{"polids":{"essential":true}}}';
const TENANT = '11111111-1111-4111-8111-111111111111';
let service: TokenService;
let credential: EntraCredential;
let alarms: Error[];
let consentAlarms: GraphError[];

/** The credential of the tests. The default of `timeoutMs` is longer than any stall of a machine. */
function connect(timeoutMs = 30_000): EntraCredential {
  const identity = new ConfidentialIdentity({
    authority: service.url,
    tenantId: TENANT,
    clientId: 'c',
    authentication: { kind: 'client-secret', source: { read: () => 'very-secret' } },
    resource: 'https://graph.microsoft.com',
    timeoutMs,
  });
  return new EntraCredential(identity, {
    identity: (cause) => alarms.push(cause),
    consent: (cause) => consentAlarms.push(cause),
  });
}

beforeEach(async () => {
  service = await TokenService.start();
  alarms = [];
  consentAlarms = [];
  credential = connect();
});
afterEach(async () => {
  await credential.close();
  await service.close();
});

const caller = (kind: Caller['kind']): Caller => ({
  kind,
  appId: 'a',
  tenantId: 't',
  permissions: [],
  personal: false,
});
const forApplication = { caller: caller('application'), callerToken: 'x' };
const forUser = { caller: caller('delegated'), callerToken: 'the-users-token' };
const good = { access_token: 'token', expires_in: 3599, token_type: 'Bearer' };
const GOOD = { status: 200, body: good };
const refusal = (error: string, more = {}): TokenResponse => ({
  status: 400,
  body: { error, error_description: 'AADSTS1: user joni@contoso.com', error_codes: [1], ...more },
});
const notSent = { status: 502, code: 'BadGateway', outcome: 'not-sent' };

describe('EntraCredential', () => {
  it('uses client credentials for an application', async () => {
    service.response = GOOD;
    expect(await credential.token(forApplication)).toBe('token');
    expect(service.requests[0]?.path.split('?')[0]).toBe(`/${TENANT}/oauth2/v2.0/token`);
    expect(Object.fromEntries(service.forms[0] ?? [])).toMatchObject({
      client_id: 'c',
      client_secret: 'very-secret',
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
    });
  });

  it('uses the on-behalf-of flow with the capability cp1 for a user', async () => {
    service.response = GOOD;
    await credential.token(forUser);
    const form = Object.fromEntries(service.forms[0] ?? []);
    expect(form).toMatchObject({
      client_id: 'c',
      client_secret: 'very-secret',
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: 'the-users-token',
    });
    expect(form['scope']?.split(' ')).toContain(
      'https://graph.microsoft.com/BookingsAppointment.ReadWrite.All',
    );
    expect(form['claims']).toContain('cp1');
  });

  it.each<[string, TokenResponse | 'silence']>([
    ['a refusal', refusal('invalid_client')],
    ['an unknown application', refusal('unauthorized_client')],
    ['a web page', { status: 200, body: '<html>' }],
    ['a token that cannot be sent', { status: 200, body: { ...good, access_token: 'a\nb' } }],
    ['no token', { status: 200, body: { expires_in: 3599 } }],
    ['a negative lifetime', { status: 200, body: { ...good, expires_in: -5 } }],
    ['a redirect', { status: 302, body: '', headers: { location: 'https://evil.example' } }],
    ['silence', 'silence'],
  ])('fails with 502, not sent, raises an alarm and caches nothing after %s', async (_t, given) => {
    service.response = given;
    if (given === 'silence') credential = connect(300);
    await expect(credential.token(forUser)).rejects.toMatchObject(notSent);
    expect(alarms).toHaveLength(1);
    expect(String(alarms[0]?.cause)).not.toMatch(/joni|secret|AADSTS/);
    service.response = GOOD;
    expect(await credential.token(forUser)).toBe('token');
  });

  it.each<[string, TokenResponse, string]>([
    [
      'a challenge',
      refusal('interaction_required', { claims: CLAIMS }),
      `Bearer error="insufficient_claims", claims="${btoa(CLAIMS)}"`,
    ],
    ['a consent', refusal('interaction_required'), 'Bearer error="invalid_token"'],
    ['an expired assertion', refusal('invalid_grant'), 'Bearer error="invalid_token"'],
    ['an unknown number', refusal('invalid_grant', { error_codes: [99999] }), 'invalid_token'],
  ])(
    'returns 401 with a challenge and raises no alarm for %s',
    async (_title, given, challenge) => {
      service.response = given;
      await expect(credential.token(forUser)).rejects.toMatchObject({
        status: 401,
        code: 'InvalidAuthenticationToken',
        headers: { 'WWW-Authenticate': expect.stringContaining(challenge) },
      });
      expect([alarms, consentAlarms]).toEqual([[], []]);
    },
  );

  it.each([...USER_REFUSALS.keys()])(
    'returns 403 for the number %i, and 401 if the response has claims',
    async (number) => {
      for (const error of ['invalid_grant', 'interaction_required', 'access_denied']) {
        service.response = refusal(error, { error_codes: [number] });
        await expect(credential.token(forUser)).rejects.toMatchObject({
          status: 403,
          aadsts: number,
          outcome: 'not-sent',
          headers: {},
          details: [USER_REFUSALS.get(number)],
        });
        const alarmed = consentAlarms.splice(0).map(({ aadsts }) => aadsts);
        expect(alarmed).toEqual([65001, 90094].includes(number) ? [number] : []);
        service.response = refusal(error, { error_codes: [number], claims: CLAIMS });
        await expect(credential.token(forUser)).rejects.toMatchObject({
          status: 401,
          aadsts: number,
          headers: { 'WWW-Authenticate': expect.stringContaining(btoa(CLAIMS)) },
        });
      }
      expect([alarms, consentAlarms]).toEqual([[], []]);
      service.response = refusal('invalid_grant', { error_codes: [number], claims: CLAIMS });
      await expect(credential.token(forApplication)).rejects.toMatchObject({
        ...notSent,
        aadsts: number,
      });
    },
  );

  it.each<[string, unknown, number | undefined]>([
    ['a number', [53003], 53003],
    ['a number as text', ['53003'], 53003],
    ['several numbers', [53003, 65001], 53003],
    ['a name', ['joni@contoso.com'], undefined],
    ['no array', 'joni', undefined],
    ['a fraction', [1.5], undefined],
  ])('reads %s of error_codes', async (_title, error_codes, aadsts) => {
    service.response = refusal('invalid_client', { error_codes });
    const error = await credential.token(forApplication).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...notSent, aadsts });
    expect(await credential.unavailable()).not.toContain('joni');
  });

  it('never sends a challenge to an application', async () => {
    service.response = refusal('interaction_required', { claims: CLAIMS });
    await expect(credential.token(forApplication)).rejects.toMatchObject(notSent);
  });

  const blocked = { status: 503, outcome: 'not-sent', headers: { 'Retry-After': '7' } };
  const retryAfter = { 'Retry-After': '7' };

  it.each<[string, TokenResponse]>([
    ['status 429', { status: 429, body: '' }],
    ['status 500', { status: 500, body: '' }],
    ['status 503', { status: 503, body: '' }],
    ['temporarily_unavailable', refusal('temporarily_unavailable')],
    ['a detected loop', refusal('invalid_grant', { error_codes: [50196] })],
  ])(
    'sends no request for the same user before Retry-After has passed after %s',
    async (_title, given) => {
      service.response = { ...given, headers: retryAfter };
      await expect(credential.token(forUser)).rejects.toMatchObject(blocked);
      await expect(credential.token(forUser)).rejects.toMatchObject(blocked);
      expect(service.forms).toHaveLength(1);
      // Another user and the application are not throttled.
      service.response = GOOD;
      expect(await credential.token({ ...forUser, callerToken: 'another' })).toBe('token');
      expect(await credential.token(forApplication)).toBe('token');
      expect(alarms).toEqual([]);
    },
  );

  it('holds back a throttled user with a new token, but not one of another tenant', async () => {
    const adele = { ...forUser, caller: { ...forUser.caller, objectId: 'adele' } };
    service.response = { status: 429, body: '', headers: retryAfter };
    await expect(credential.token(adele)).rejects.toMatchObject(blocked);
    service.response = GOOD;
    const again = credential.token({ ...adele, callerToken: 'new' });
    await expect(again).rejects.toMatchObject(blocked);
    const caller = { ...adele.caller, tenantId: 'other' };
    expect(await credential.token({ caller, callerToken: 'other' })).toBe('token');
  });

  it('holds back the application alone when it is throttled', async () => {
    service.response = { status: 429, body: '', headers: retryAfter };
    await expect(credential.token(forApplication)).rejects.toMatchObject(blocked);
    service.response = GOOD;
    expect(await credential.unavailable()).toContain('temporarily unavailable');
    expect(await credential.token(forUser)).toBe('token');
    expect(service.forms).toHaveLength(2);
  });

  it.each([429, 400])('holds back everyone when the tenant is throttled: %i', async (status) => {
    const body = { error: 'invalid_request', error_codes: [90055] };
    service.response = { status, body, headers: retryAfter };
    await expect(credential.token(forUser)).rejects.toMatchObject({ ...blocked, aadsts: 90055 });
    service.response = GOOD;
    const another = credential.token({ ...forUser, callerToken: 'another' });
    await expect(another).rejects.toMatchObject({ ...blocked, aadsts: 90055 });
    await expect(credential.token(forApplication)).rejects.toMatchObject(blocked);
    expect(service.forms).toHaveLength(1);
  });

  it('shares one token request between waiting callers, for each user', async () => {
    service.response = GOOD;
    const many = (request: typeof forUser) =>
      Array.from({ length: 50 }, () => credential.token(request));
    await Promise.all([...many(forApplication), ...many(forUser)]);
    expect(service.forms).toHaveLength(2);
    await credential.token({ ...forUser, callerToken: 'another' });
    expect(service.forms).toHaveLength(3);
  });

  it('shares one token request between probes and reports why it is unavailable', async () => {
    service.response = refusal('invalid_client');
    const reasons = await Promise.all(Array.from({ length: 20 }, () => credential.unavailable()));
    expect(new Set(reasons)).toEqual(
      new Set(['The proxy could not obtain a token for Graph: invalid_client 1']),
    );
    expect(service.forms).toHaveLength(1);
  });

  it('raises an alarm for the first failed probe and for each failed request', async () => {
    service.response = refusal('invalid_client');
    for (let times = 0; times < 3; times += 1) await credential.unavailable();
    expect([alarms.length, service.forms.length]).toEqual([1, 3]);
    await expect(credential.token(forApplication)).rejects.toMatchObject(notSent);
    expect(alarms).toHaveLength(2);
    service.response = { status: 200, body: { ...good, expires_in: 1 } };
    expect(await credential.unavailable()).toBeUndefined();
    credential.forget('token');
    service.response = refusal('invalid_client');
    await credential.unavailable();
    expect(alarms).toHaveLength(3);
  });
});
