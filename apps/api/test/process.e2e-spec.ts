import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { AccessFile } from './access-file.ts';
import { run, serve as serveOn } from './production-process.ts';
import {
  CREATE_PERMISSION,
  DOCUMENTED_REQUEST,
  customersPath,
  jsonObject,
  objectIn,
} from './stack.ts';

let fake: GraphFake;
beforeAll(async () => {
  fake = await GraphFake.start();
});
afterAll(async () => {
  await fake.close();
});

const serve = (env?: Record<string, string>) => serveOn(fake, env);

async function create(address: string, body = '{"displayName":"Joni Sherman"}'): Promise<Response> {
  const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
  return fetch(`${address}${customersPath()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  });
}

describe('the production process', () => {
  it('prints every fault of its configuration and exits with 78 before it listens', async () => {
    const { exit, stderr } = run({
      PORT: 'many',
      GRAPH_BASE_URL: 'http://graph.microsoft.com/v1.0',
      IDEMPOTENCY_KEY: 'always',
      AUDIT_FILE: '/nowhere/audit.jsonl',
    });
    expect(await exit).toEqual([78, null]);
    const lines = (await stderr).trim().split('\n');
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

  it('prints every fault of its business access file with the others', async () => {
    const file = new AccessFile({ appId: 'kiosk', businesses: ['*', 'contoso.com'] });
    const env = { ...proxyEnvironment(fake), PORT: 'many', BUSINESS_ACCESS_FILE: file.path };
    const { exit, stderr } = run(env);
    expect(await exit).toEqual([78, null]);
    const [, ...lines] = (await stderr).trim().split('\n');
    expect(lines.map((line) => line.trim().split('; expected: ')[0])).toEqual([
      'PORT is not a number in the allowed range',
      'BUSINESS_ACCESS_FILE callers[0].appId is not a GUID',
      'BUSINESS_ACCESS_FILE callers[0].businesses[0] matches nothing: * does not match "@"',
      'BUSINESS_ACCESS_FILE callers[0].businesses[1] has no "@"',
    ]);
    file.remove();
  });

  it('says in one line that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { exit, stderr } = run({ ...proxyEnvironment(fake), PORT: port });
    expect(await exit).toEqual([1, null]);
    expect(await stderr).toBe(`Cannot listen on 127.0.0.1:${port}: the port is already in use.\n`);
    server.close();
  });

  // Everything else is tested on the source; this is the bundle that is made of it.
  it('creates the documented customer and refuses a body with every violation', async () => {
    const { child, exit, address } = await serve();
    fake.forget();
    expect((await create(address, DOCUMENTED_REQUEST)).status).toBe(201);
    const refused = await create(
      address,
      '{"emailAddress":"x","phones":[{"type":"cell"}],"id":"1"}',
    );
    expect(refused.status).toBe(400);
    const details = objectIn(jsonObject(await refused.text()), 'error')['details'];
    expect(details).toMatchObject([
      { target: 'id' },
      { target: 'displayName' },
      { target: 'emailAddress' },
      { target: 'phones[0].type' },
    ]);
    expect(fake.requests().requests).toHaveLength(1);
    child.kill('SIGTERM');
    await exit;
  });

  it('finishes running requests after SIGTERM, is not ready meanwhile, and exits with 0', async () => {
    const { child, exit, address } = await serve();
    fake.forget();
    fake.script([{ kind: 'delay', delayMs: 400 }]);
    const running = create(address);
    await fake.arrived(1);
    child.kill('SIGTERM');
    const ready = await untilNotReady(address);
    expect(ready).toBe(503);
    expect((await running).status).toBe(201);
    expect(await exit).toEqual([0, null]);
    await expect(fetch(`${address}/livez`)).rejects.toThrow();
  });

  it('cuts off after the grace what does not finish, and says so with its exit code', async () => {
    const { child, exit, address } = await serve({ SHUTDOWN_GRACE_MS: '100' });
    fake.forget();
    fake.script([{ kind: 'silence', when: 'before-stored' }]);
    const running = create(address);
    await fake.arrived(1);
    child.kill('SIGTERM');
    await expect(running).rejects.toThrow();
    expect(await exit).toEqual([1, null]);
  });

  it.each<[string, string]>([
    ['a connection that never sent a byte', ''],
    ['half a request', 'POST / HT'],
    ['a request and half of another', 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /'],
    ['a body that never came', 'POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n'],
  ])('is not held up after SIGTERM by %s', async (_title, sent) => {
    const { child, exit, address } = await serve();
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    if (sent !== '') socket.write(sent);
    // An answer from the same process says that it has read what was sent before.
    await fetch(`${address}/livez`);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    socket.destroy();
  });

  it('exits at once on SIGINT when nothing runs', async () => {
    const { child, exit } = await serve();
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
  });
});

/** Asks until the signal has arrived; every answer before it is 200. */
async function untilNotReady(address: string): Promise<number> {
  for (;;) {
    const { status } = await fetch(`${address}/readyz`);
    if (status !== 200) return status;
  }
}
