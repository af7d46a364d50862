import { GraphFake } from '@bookings/graph-fake';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from './command.ts';

const BUSINESS = 'proxytest@contoso.onmicrosoft.com';

// The fake replaces the tenant. Its business is not that of the pact.
let tenant: GraphFake;
let settings: Record<string, string>;
beforeAll(async () => {
  tenant = await GraphFake.start({ businesses: [BUSINESS] });
  settings = {
    GRAPH_LIVE_BUSINESS: BUSINESS,
    GRAPH_LIVE_BASE_URL: tenant.graphUrl,
    GRAPH_LIVE_AUTHORITY_HOST: tenant.url,
    GRAPH_LIVE_TENANT_ID: tenant.tenantId,
    GRAPH_LIVE_CLIENT_ID: tenant.client.clientId,
    GRAPH_LIVE_CLIENT_SECRET: tenant.client.clientSecret,
  };
});
afterAll(() => tenant.close());
beforeEach(() => {
  tenant.forget();
});

// As in package.json, because Pact uses deprecated functions.
const NODE_OPTIONS = '--disable-warning=DEP0060';
const verifyLive = (env: Record<string, string>) =>
  run('pact/verify-live.ts', [], { NODE_OPTIONS, ...env });

describe('npm run pact:verify-live', () => {
  it('verifies the supported interactions and lists the skipped ones', async () => {
    const { code, stdout } = await verifyLive({ ...settings, GRAPH_LIVE_POWERLESS_TOKEN: '' });
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('21 of 22 interactions: all match.'),
    ]);
    expect(stdout.match(/^Skipped: .+ \(.+: .+\)\.$/gm)).toHaveLength(1);
    expect(stdout).not.toContain(settings['GRAPH_LIVE_CLIENT_SECRET']);
  });

  it('uses only its own business and deletes the created customers', async () => {
    const { stderr } = await verifyLive(settings);
    const { requests } = tenant.requests();
    const businesses = new Set(requests.map(({ business }) => business?.split('@')[1]));
    expect([...businesses]).toEqual(['contoso.onmicrosoft.com']);
    // Interactions create four customers, and their states twelve.
    expect(requests.filter(({ status }) => status === 201)).toHaveLength(16);
    expect(tenant.customers(BUSINESS)).toEqual([]);
    expect(stderr).toBe('');
  });

  it('lists the customers that it could not delete', async () => {
    const gone = { kind: 'status', status: 503, times: 100 } as const;
    await verifyLive(settings);
    const created = tenant.requests().requests.findLastIndex(({ status }) => status === 201);
    tenant.forget();
    tenant.script([{ kind: 'pass', times: created + 1 }, gone]);
    const { stderr } = await verifyLive(settings);
    const [left, ...others] = tenant.customers(BUSINESS);
    expect(others).toEqual([]);
    expect(stderr).toContain(
      `The customer ${left?.id ?? ''} in ${BUSINESS} could not be deleted; delete it by hand.\n`,
    );
  });

  it('verifies the missing permission with a token without it', async () => {
    const GRAPH_LIVE_POWERLESS_TOKEN = await tenant.issueGraphToken({ roles: [] });
    const { code, stdout } = await verifyLive({ ...settings, GRAPH_LIVE_POWERLESS_TOKEN });
    expect([code, stdout]).toEqual([0, expect.stringContaining('22 of 22 interactions')]);
    expect(stdout).not.toContain('lacks the permission to create booking customers:');
  });

  it('accepts a token instead of an application', async () => {
    const { GRAPH_LIVE_BUSINESS = '', GRAPH_LIVE_BASE_URL = '' } = settings;
    const GRAPH_LIVE_ACCESS_TOKEN = await tenant.issueGraphToken();
    const env = { GRAPH_LIVE_BUSINESS, GRAPH_LIVE_BASE_URL, GRAPH_LIVE_ACCESS_TOKEN };
    const { code, stdout, stderr } = await verifyLive(env);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(GRAPH_LIVE_ACCESS_TOKEN);
  });

  it('fails with the difference if the tenant does not match the pact', async () => {
    tenant.script([{ kind: 'display-name-is-email', times: 20 }]);
    const { code, stderr, stdout } = await verifyLive(settings);
    expect([code, stdout]).toEqual([1, expect.stringContaining('not all match')]);
    expect(stderr).toContain("Expected 'jonis@relecloud.com'");
  });

  it('lists all missing settings', async () => {
    const { code, stderr } = await verifyLive({ GRAPH_LIVE_BASE_URL: 'http://contoso.com' });
    expect(code).toBe(78);
    for (const key of ['BUSINESS', 'BASE_URL', 'ACCESS_TOKEN', 'CLIENT_SECRET']) {
      expect(stderr).toContain(`GRAPH_LIVE_${key}`);
    }
  });

  it('reports why there is no token', async () => {
    const { code, stderr } = await verifyLive({ ...settings, GRAPH_LIVE_CLIENT_SECRET: 'wrong' });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/No token for Graph: .*invalid_client/),
    ]);
  });
});
