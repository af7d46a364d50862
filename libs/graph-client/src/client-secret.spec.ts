import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Caller } from '@bookings/domain';
import { ClientSecret } from './client-secret.ts';

const CLAIMS = '{"access_token":{"polids":{"essential":true}}}';
let server: Server;
let credential: ClientSecret;
let forms: URLSearchParams[] = [];
let answer: { status: number; body: unknown } | 'silence' = 'silence';

beforeEach(async () => {
  forms = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      forms.push(new URLSearchParams(body));
      if (answer === 'silence') return;
      const { status, body: sent } = answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof sent === 'string' ? sent : JSON.stringify(sent));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  credential = new ClientSecret({
    authority: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    tenantId: 't',
    clientId: 'c',
    clientSecret: 'very-secret',
    resource: 'https://graph.microsoft.com',
    timeoutMs: 300,
  });
});
afterEach(async () => {
  await credential.close();
  server.closeAllConnections();
  server.close();
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
const notSent = { status: 502, code: 'BadGateway', outcome: 'not-sent' };

describe('ClientSecret', () => {
  it('asks for its own token when an application calls', async () => {
    answer = { status: 200, body: good };
    expect(await credential.token(forApplication)).toBe('token');
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      client_id: 'c',
      client_secret: 'very-secret',
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
    });
  });

  it("asks on the user's behalf when a user calls", async () => {
    answer = { status: 200, body: good };
    await credential.token(forUser);
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      client_id: 'c',
      client_secret: 'very-secret',
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: 'the-users-token',
      scope: 'https://graph.microsoft.com/BookingsAppointment.ReadWrite.All',
    });
  });

  it.each<[string, typeof answer]>([
    ['a refusal', { status: 401, body: { error: 'invalid_client' } }],
    ['a web page', { status: 200, body: '<html>' }],
    ['a token that cannot be sent', { status: 200, body: { ...good, access_token: 'a\nb' } }],
    ['a lifetime that is none', { status: 200, body: { ...good, expires_in: 0 } }],
    ['a lifetime that is text', { status: 200, body: { ...good, expires_in: '3599' } }],
    ['silence', 'silence'],
    ['a sign-in without claims', { status: 400, body: { error: 'interaction_required' } }],
  ])('answers %s with 502, not sent, and does not remember it', async (_title, given) => {
    answer = given;
    await expect(credential.token(forUser)).rejects.toMatchObject(notSent);
    answer = { status: 200, body: good };
    expect(await credential.token(forUser)).toBe('token');
  });

  it('lets a user sign in again, and asks no application to', async () => {
    answer = { status: 400, body: { error: 'interaction_required', claims: CLAIMS } };
    await expect(credential.token(forUser)).rejects.toMatchObject({
      status: 401,
      headers: {
        'WWW-Authenticate': `Bearer error="insufficient_claims", claims="${btoa(CLAIMS)}"`,
      },
    });
    await expect(credential.token(forApplication)).rejects.toMatchObject(notSent);
  });

  it('is probed once however many ask, and says why it is not available', async () => {
    answer = { status: 401, body: { error: 'invalid_client' } };
    const reasons = await Promise.all(Array.from({ length: 20 }, () => credential.unavailable()));
    expect(new Set(reasons)).toEqual(new Set(['The proxy could not obtain a token for Graph.']));
    expect(forms).toHaveLength(1);
  });
});
