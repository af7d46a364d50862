import { describe as suite, expect, it } from '@jest/globals';
import { describe, readCommandLine } from './cli-options.ts';
import { GraphFake } from './graph-fake.ts';

suite('the command line', () => {
  it('has defaults for all options, and a random secret', () => {
    const options = readCommandLine([], {});
    expect(options).toMatchObject({ port: 4010, clients: [{ audience: 'api://bookings-proxy' }] });
    expect(options.businesses).toBeUndefined();
    expect(readCommandLine([], {}).clients).not.toEqual(options.clients);
  });

  it('reads the port from the environment if the option is absent', () => {
    const env = { GRAPH_FAKE_PORT: '4711' };
    expect(readCommandLine([], env).port).toBe(4711);
    expect(readCommandLine(['--port', '0'], env).port).toBe(0);
  });

  it('reads all options', () => {
    const given = '--host ::1 --business a@b --business c@d --id-shape base64 --client-secret S';
    expect(readCommandLine([...given.split(' '), '--work-ms', '50'], {})).toMatchObject({
      host: '::1',
      businesses: ['a@b', 'c@d'],
      idShape: 'base64',
      clients: [{ clientSecret: 'S' }],
      workMs: 50,
    });
  });

  it.each([
    [['--port', 'x'], {}, '--port must be a number'],
    [['--port', '65536'], {}, '--port must be a number'],
    [[], { GRAPH_FAKE_PORT: '' }, 'GRAPH_FAKE_PORT must be a number'],
    [['--id-shape', 'uuid'], {}, '--id-shape must be guid or base64'],
    [['--work-ms=-1'], {}, '--work-ms must be a number'],
    [['--prot', '1'], {}, "Unknown option '--prot'"],
    [['4010'], {}, "Unexpected argument '4010'"],
  ])('refuses %j with %j', (args, env, message) => {
    expect(() => readCommandLine(args, env)).toThrow(message);
  });

  it('prints the address and the environment variables for a proxy', async () => {
    const fake = await GraphFake.start();
    await fake.close();
    const [first, ...lines] = describe(fake).trimEnd().split('\n');
    expect(first).toBe(`The fake Graph listens on ${fake.url}`);
    expect(Object.fromEntries(lines.map((line) => line.split('=')))).toEqual({
      AUTH_ISSUERS: `${fake.issuer},${fake.url}/{tid}/`.replace(fake.tenantId, '{tid}'),
      AUTH_AUDIENCES: 'api://bookings-proxy',
      AUTH_JWKS_URL: fake.jwksUrl,
      AUTH_TENANTS: fake.tenantId,
      GRAPH_BASE_URL: fake.graphUrl,
      GRAPH_CREDENTIAL: 'client-secret',
      AZURE_TENANT_ID: fake.tenantId,
      AZURE_CLIENT_ID: fake.client.clientId,
      AZURE_CLIENT_SECRET: fake.client.clientSecret,
      AZURE_AUTHORITY_HOST: fake.url,
    });
  });
});
