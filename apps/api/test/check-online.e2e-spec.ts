import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS } from './documented.ts';
import { graphError, resetBefore, respond, silenceBefore } from './faults.ts';
import { freePort } from './local-server.ts';
import { MAIN, useProxyProcess } from './proxy-process.ts';
import { ReplyServer } from './security/reply-server.ts';

const SECRET = 'the-secret-of-the-proxy';
const launcher = useProxyProcess();

const OK = ['key set of the token issuers: ok', 'token for Graph: ok'];
const READ_OK = 'customers of the business: ok';

/** Runs the check. @returns the exit code, and the lines after those of the settings and the store */
async function check(env: Record<string, string> = {}, business = BUSINESS) {
  const args = ['--check', '--online', '--business', business];
  const process_ = launcher.spawn(env, { command: [process.execPath, MAIN, ...args] });
  const [code] = await process_.exit;
  const [settings, store, ...lines] = process_.stdout.trimEnd().split('\n');
  expect([settings, store, process_.stderr]).toEqual(['settings: ok', 'store: ok', '']);
  // Neither a secret nor a token is printed.
  expect(process_.stdout).not.toMatch(new RegExp(`${SECRET}|eyJ`));
  return { code, lines };
}

describe('--check --online', () => {
  it('exits with 0 when the token, the key set and the business can be had', async () => {
    expect(await check()).toEqual({ code: 0, lines: [...OK, READ_OK] });
    const { requests } = launcher.fake.requests();
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('judges the settings first', async () => {
    const args = ['--check', '--online', '--business', BUSINESS];
    const started = launcher.spawn({ PORT: 'x' }, { command: [process.execPath, MAIN, ...args] });
    expect(await started.exit).toEqual([78, null]);
    expect(started.stdout).toBe('');
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    [
      'a wrong secret',
      { AZURE_CLIENT_SECRET: SECRET },
      'invalid_client 7000215',
      /AZURE_CLIENT_SECRET, .* is not a secret of this application/,
    ],
    [
      'an unknown application',
      { AZURE_CLIENT_ID: crypto.randomUUID() },
      'unauthorized_client 700016',
      /Compare AZURE_CLIENT_ID .+ AZURE_TENANT_ID/,
    ],
    [
      'an unknown tenant',
      { AZURE_TENANT_ID: crypto.randomUUID() },
      'invalid_request 90002',
      /Compare AZURE_TENANT_ID/,
    ],
    [
      'TLS where there is none',
      { AZURE_AUTHORITY_HOST: 'https://127.0.0.1:PORT' },
      'the TLS connection failed (ERR_SSL_',
      /Compare the host name in AZURE_AUTHORITY_HOST.+NODE_EXTRA_CA_CERTS/,
    ],
  ])('says what to do when there is no token: %s', async (_title, changed, problem, advice) => {
    const { port } = new URL(launcher.fake.url);
    const env: Record<string, string> = {};
    for (const [key, value] of Object.entries(changed)) env[key] = value.replace('PORT', port);
    const { code, lines } = await check(env);
    expect(code).toBe(69);
    expect(lines[1]).toContain(`token for Graph: failed: ${problem}`);
    expect(lines[2]).toMatch(advice);
    expect(lines[3]).toBe('customers of the business: skipped: there is no token');
    expect(launcher.fake.requests().requests).toEqual([]);
  });

  it('says what to do when the token issuer throttles, and when it is away', async () => {
    const issuer = await ReplyServer.start({ status: 429, headers: { 'retry-after': '7' } });
    const throttled = await check({ AZURE_AUTHORITY_HOST: issuer.url });
    expect(throttled.lines.slice(1, 3)).toEqual([
      'token for Graph: failed: status 429',
      '  The token issuer is throttling or has a fault of its own. Try again in 7 s.',
    ]);
    const away = await check({ AZURE_AUTHORITY_HOST: `http://127.0.0.1:${await freePort()}` });
    expect(away.lines[1]).toMatch(/failed: the connection was refused \(ECONNREFUSED\)$/);
    expect(away.lines[2]).toContain('Compare host and port in AZURE_AUTHORITY_HOST');
  });

  it.each<[string, string, string, RegExp]>([
    ['a wrong path', 'PATH', 'it answered with status 404', /Compare AUTH_JWKS_URL with jwks_uri/],
    [
      'an unknown host',
      'https://keys.invalid/',
      'its host name cannot be resolved (',
      /Compare the host name in AUTH_JWKS_URL/,
    ],
  ])('says what to do when the key set cannot be had: %s', async (_title, url, problem, advice) => {
    const AUTH_JWKS_URL = url === 'PATH' ? `${launcher.fake.url}/nowhere` : url;
    const { code, lines } = await check({ AUTH_JWKS_URL });
    expect(code).toBe(69);
    expect(lines[0]).toContain(`key set of the token issuers: failed: ${problem}`);
    expect(lines[1]).toMatch(advice);
    expect(lines.slice(2)).toEqual(['token for Graph: ok', READ_OK]);
  });

  const denied = graphError('Authorization_RequestDenied', 'Insufficient privileges of Joni');
  it.each<[string, Fault, string, RegExp]>([
    [
      'no consent',
      respond(403, denied),
      'Graph answered 403 Authorization_RequestDenied',
      /Grant BookingsAppointment\.ReadWrite\.All .+ admin consent/,
    ],
    [
      'throttling',
      respond(429, graphError('TooManyRequests'), { headers: { 'Retry-After': '99' } }),
      'Graph answered 429 TooManyRequests',
      /Graph is throttling/,
    ],
    [
      'a refused token',
      respond(401, graphError('InvalidAuthenticationToken'), { times: 9 }),
      "Graph refused the proxy's credential",
      /Compare GRAPH_BASE_URL .+ same cloud/,
    ],
    [
      'a fault of Graph',
      respond(500, graphError('UnknownError'), { times: 9 }),
      'Graph answered 500 UnknownError',
      /Try again later/,
    ],
    [
      'a lost connection',
      resetBefore(9),
      'The connection to Graph failed: the connection was lost (',
      /Check the network between/,
    ],
    [
      'no answer',
      silenceBefore(9),
      'Graph did not answer in time',
      /firewall lets this machine connect to the host of GRAPH_BASE_URL/,
    ],
  ])('says what to do when the business cannot be read: %s', async (_t, fault, problem, advice) => {
    launcher.fake.script([fault]);
    const isSilent = problem.endsWith('in time');
    const { code, lines } = await check(
      isSilent ? { GRAPH_DEADLINE_MS: '6000', GRAPH_ATTEMPT_TIMEOUT_MS: '2000' } : {},
    );
    expect(code).toBe(69);
    expect(lines.slice(0, 2)).toEqual(OK);
    expect(lines[2]).toContain(`customers of the business: failed: ${problem}`);
    expect(lines[3]).toMatch(advice);
    expect(lines.join('')).not.toContain('Joni');
  });

  it('says what to do when no business has the id', async () => {
    const { code, lines } = await check({}, 'nowhere@contoso.com');
    expect(code).toBe(69);
    expect(lines[2]).toMatch(/^customers of the business: failed: Graph answered 404 Error\w+$/);
    expect(lines[3]).toContain('Compare the id with the address of the booking mailbox');
  });
});
