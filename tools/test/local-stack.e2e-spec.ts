import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

// What npm start runs once everything is installed and built; building here would disturb others.
function startLocal(ports: { api: number; fake: number }) {
  const child = spawn(process.execPath, ['tools/start-local.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(ports.api),
      GRAPH_FAKE_PORT: String(ports.fake),
    },
  });
  children.push(child);
  return { child, exit: once(child, 'exit'), stderr: text(child.stderr) };
}

async function curlLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new TypeError('stdout is not a pipe');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('curl ')) continue;
    child.stdout.resume();
    return line;
  }
  throw new Error('the local stack ended without a curl line');
}

describe('the local stack', () => {
  it('prints a curl command that creates the documented customer, and leaves nothing behind', async () => {
    const ports = { api: await freePort(), fake: await freePort() };
    const { child, exit } = startLocal(ports);
    const { stdout } = await run('sh', ['-c', await curlLine(child)]);
    expect(stdout).toMatch(/^HTTP\/1\.1 201 /);
    expect(stdout).toContain('"displayName":"Joni Sherman"');

    const env = { ...process.env, GRAPH_FAKE_PORT: String(ports.fake), NODE_OPTIONS: '' };
    const token = await run('npm', ['run', 'token', '--', '--scopes', 'Bookings.Manage.All'], {
      cwd: ROOT,
      env,
    });
    expect(token.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const created = await fetch(
      `http://127.0.0.1:${ports.api}/solutions/bookingBusinesses/Contosolunchdelivery@contoso.com/customers`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token.stdout.trim()}`,
          'content-type': 'application/json',
        },
        body: '{"displayName":"Joni Sherman"}',
      },
    );
    expect(created.status).toBe(201);

    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    for (const port of Object.values(ports)) {
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    }
  });

  it.each<'api' | 'fake'>(['api', 'fake'])(
    'says in plain words that the port of the %s is taken',
    async (which) => {
      const taken = createServer().listen(0, '127.0.0.1').unref();
      await once(taken, 'listening');
      const address = taken.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const ports = { api: await freePort(), fake: await freePort(), [which]: port };
      const { exit, stderr } = startLocal(ports);
      const ended = await exit;
      taken.close();
      expect(ended).toEqual([1, null]);
      expect(await stderr).toContain(String(port));
      expect(await stderr).toContain('taken');
      expect(await stderr).not.toMatch(/\n\s+at /);
    },
  );

  it.each<[string, string[], RegExp]>([
    ['without permissions', [], /Either --roles or --scopes is needed/],
    ['with both kinds', ['--roles', 'x', '--scopes', 'y'], /Either --roles or --scopes is needed/],
    ['with an unknown option', ['--role', 'x'], /Unknown option '--role'/],
    ['when nothing runs', ['--roles', 'x'], /start the local stack with npm start/],
  ])('npm run token %s says what is missing on stderr', async (_title, args, expected) => {
    const env = { PATH: process.env['PATH'], GRAPH_FAKE_PORT: String(await freePort()) };
    const failed = run(process.execPath, ['tools/token.ts', ...args], { cwd: ROOT, env });
    await expect(failed).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(expected),
    });
  });
});
