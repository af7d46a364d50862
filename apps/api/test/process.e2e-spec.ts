import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { AccessFile } from './access-file.ts';
import { silenceBefore } from './faults.ts';
import { listen, close } from './local-server.ts';
import { MAIN, ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { TcpRelay } from './tcp-relay.ts';
import { onTeardown } from './teardown.ts';

const launcher = useProxyProcess();

describe('the production process', () => {
  it('prints every configuration error and exits with 78 before it listens', async () => {
    const proxy = new ProxyProcess('', {
      PORT: 'many',
      GRAPH_BASE_URL: 'http://graph.microsoft.com/v1.0',
      IDEMPOTENCY_KEY: 'always',
      AUDIT_FILE: '/nowhere/audit.jsonl',
    });
    expect(await proxy.exit).toEqual([78, null]);
    const lines = proxy.stderr.trim().split('\n');
    expect(lines.slice(1).map((line) => line.trim().split(' ')[0])).toEqual([
      'PORT',
      'AUTH_ISSUERS',
      'AUTH_AUDIENCES',
      'AUTH_JWKS_URL',
      'GRAPH_BASE_URL',
      'GRAPH_CREDENTIAL',
      'IDEMPOTENCY_KEY',
      'AUDIT_FILE',
    ]);
    for (const line of lines.slice(1)) expect(line).toContain('; expected: ');
  });

  it.each([[[]], [['--check']]])(
    'says which name may be a misspelt setting when it is missing: main.js %s',
    async (args) => {
      const env = { AUTH_AUDIENCE: 'api://x', GRAPH_BASEURL: 'https://graph.microsoft.com/v1.0' };
      const proxy = new ProxyProcess('', env, { command: [process.execPath, MAIN, ...args] });
      expect(await proxy.exit).toEqual([78, null]);
      const [warnings, others] = [true, false].map((isWarning) =>
        proxy.stderr.split('\n').filter((line) => line.startsWith('warning: ') === isWarning),
      );
      expect(warnings).toEqual([
        'warning: AUTH_AUDIENCE is not a setting: AUTH_AUDIENCES may be meant',
        'warning: GRAPH_BASEURL is not a setting: GRAPH_BASE_URL may be meant',
      ]);
      expect(others?.join('\n')).toContain('AUTH_AUDIENCES is missing');
    },
  );

  it('prints the errors of the business access file with the others', async () => {
    const file = new AccessFile({ appId: 'kiosk', businesses: ['*', 'contoso.com'] });
    const proxy = launcher.spawn({ PORT: 'many', BUSINESS_ACCESS_FILE: file.path });
    expect(await proxy.exit).toEqual([78, null]);
    const [, ...lines] = proxy.stderr.trim().split('\n');
    expect(lines.map((line) => line.trim().split('; expected: ')[0])).toEqual([
      'PORT is not a number in the allowed range',
      'BUSINESS_ACCESS_FILE callers[0].appId is not a GUID',
      'BUSINESS_ACCESS_FILE callers[0].businesses[0] matches nothing: * does not match "@"',
      'BUSINESS_ACCESS_FILE callers[0].businesses[1] has no "@"',
    ]);
  });

  it('reports in one line that a port is taken', async () => {
    const server = createServer();
    const port = String(await listen(server));
    onTeardown(() => close(server));
    const proxy = launcher.spawn({ PORT: port });
    expect(await proxy.exit).toEqual([1, null]);
    expect(proxy.stderr).toBe(`Cannot listen on 127.0.0.1:${port}: the port is already in use.\n`);
  });

  // Most other tests run the source. This one runs the bundle.
  it('creates the documented customer, and refuses an invalid body with every violation', async () => {
    const proxy = await launcher.start();
    expect((await proxy.create()).status).toBe(201);
    const refused = await proxy.create({
      body: '{"emailAddress":"x","phones":[{"type":"cell"}],"id":"1"}',
    });
    expect(refused.status).toBe(400);
    expect(refused.error['details']).toMatchObject([
      { target: 'id' },
      { target: 'displayName' },
      { target: 'emailAddress' },
      { target: 'phones[0].type' },
    ]);
    expect(launcher.fake.requests().requests).toHaveLength(1);
    await proxy.stop();
  });

  it('finishes running requests after SIGTERM, reports not ready meanwhile, and exits with 0', async () => {
    const { fake } = launcher;
    const relay = new TcpRelay();
    const proxy = await launcher.start(await relay.graphSettings(fake));
    relay.hold();
    const creating = proxy.create();
    await fake.arrived(1);
    proxy.child.kill('SIGTERM');
    const { status } = await proxy.readyWhen((response) => response.status !== 200);
    expect(status).toBe(503);
    relay.release();
    expect((await creating).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
    await expect(proxy.get('/livez')).rejects.toThrow();
  });

  it('cuts off requests that outlast the grace period, and exits with 1', async () => {
    const proxy = await launcher.start({ SHUTDOWN_GRACE_MS: '100' });
    launcher.fake.script([silenceBefore()]);
    const creating = proxy.create();
    await launcher.fake.arrived(1);
    proxy.child.kill('SIGTERM');
    await expect(creating).rejects.toThrow();
    expect(await proxy.exit).toEqual([1, null]);
  });

  it.each<[string, string]>([
    ['a connection that never sent a byte', ''],
    ['half a request', 'POST / HT'],
    ['a request and half of another', 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /'],
    ['a body that never came', 'POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n'],
  ])('exits after SIGTERM in spite of %s', async (_title, sent) => {
    const proxy = await launcher.start();
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    if (sent !== '') socket.write(sent);
    // A later response shows that the process has read what was sent before.
    await proxy.get('/livez');
    expect(await proxy.stop()).toEqual([0, null]);
    socket.destroy();
  });

  it('exits at once on SIGINT when nothing is running', async () => {
    const proxy = await launcher.start();
    proxy.child.kill('SIGINT');
    expect(await proxy.exit).toEqual([0, null]);
  });
});
