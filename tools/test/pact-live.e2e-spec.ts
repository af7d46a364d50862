import { constants } from 'node:os';
import { type Fault, GraphFake } from '@bookings/graph-fake';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run, start } from './command.ts';

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

  it('gives up a deletion that gets no answer, and tries it again', async () => {
    await verifyLive(settings);
    const { requests } = tenant.requests();
    tenant.forget();
    const times = requests.findIndex(({ method }) => method === 'DELETE');
    tenant.script([
      { kind: 'pass', times },
      { kind: 'silence', when: 'before-stored' },
    ]);
    expect(await verifyLive(settings)).toMatchObject({ code: 0, stderr: '' });
    expect(tenant.customers(BUSINESS)).toEqual([]);
  });

  it.each<[string, 'state' | 'interaction', Fault]>([
    ['no id', 'state', { kind: 'answer-after-stored', status: 201, body: {} }],
    ['no JSON', 'interaction', { kind: 'answer-after-stored', status: 201, body: 'created' }],
    ['an error of the server', 'interaction', { kind: 'answer-after-stored', status: 503 }],
    ['a reset', 'state', { kind: 'reset', when: 'after-stored' }],
    ['a reset', 'interaction', { kind: 'reset', when: 'after-stored' }],
  ])(
    'tells of a customer without a known id: %s for the create of the %s',
    async (_title, by, fault) => {
      await verifyLive(settings);
      const { requests } = tenant.requests();
      tenant.forget();
      // What an interaction creates is deleted at once.
      const next = by === 'state' ? 'GET' : 'DELETE';
      const times = requests.findIndex(
        ({ status }, index) => status === 201 && requests[index + 1]?.method === next,
      );
      tenant.script([...(times > 0 ? [{ kind: 'pass', times } as const] : []), fault]);
      const { stderr } = await verifyLive(settings);
      expect(tenant.customers(BUSINESS)).toHaveLength(1);
      expect(stderr).toContain(
        `Creates in ${BUSINESS} whose answer did not name a customer: 1. Look for their customers by hand.\n`,
      );
    },
  );

  /** Sends the signal while the first create waits for its answer. */
  async function stopInCreate(signal: NodeJS.Signals, fault: Fault) {
    tenant.script([fault]);
    const { child, ended } = start('pact/verify-live.ts', [], { NODE_OPTIONS, ...settings });
    await tenant.arrived(1);
    child.kill(signal);
    return ended;
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'deletes what it created when %s stops it, and creates nothing more',
    async (signal) => {
      const { code, stderr } = await stopInCreate(signal, { kind: 'delay', delayMs: 500 });
      expect([code, stderr]).toEqual([128 + constants.signals[signal], `Stopped by ${signal}.\n`]);
      const { requests } = tenant.requests();
      expect(requests.map(({ method, status }) => [method, status])).toEqual([
        ['POST', 201],
        ['DELETE', 204],
      ]);
    },
  );

  it('tells of a create that has no answer when a signal stops it', async () => {
    const fault = { kind: 'silence', when: 'after-stored' } as const;
    const { code, stderr } = await stopInCreate('SIGTERM', fault);
    expect([code, stderr]).toEqual([143, expect.stringContaining('did not name a customer: 1.')]);
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

  it('reads no answer without end of the token endpoint', async () => {
    const body = ' '.repeat(16 * 1024 * 1024 + 1);
    tenant.script([{ kind: 'status', endpoint: 'token', status: 200, body }]);
    const { code, stderr } = await verifyLive(settings);
    expect([code, stderr]).toEqual([1, 'No token for Graph: more than 16 MiB are too much\n']);
  });

  it('reports why there is no token', async () => {
    const { code, stderr } = await verifyLive({ ...settings, GRAPH_LIVE_CLIENT_SECRET: 'wrong' });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/No token for Graph: .*invalid_client/),
    ]);
  });
});
