import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './command.ts';
import { launchConfiguration } from './launch-configuration.ts';
import { freePort, startLocal, startNpm } from './local-harness.ts';

const run = promisify(execFile);
const ROLE = 'BookingsAppointment.ReadWrite.All';
const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

function claimsOf(token: string): { exp?: unknown; azp?: unknown; oid?: unknown } {
  const claims: unknown = JSON.parse(
    Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
  );
  return typeof claims === 'object' && claims !== null ? claims : {};
}

/** Resolves when nothing listens on `port` any longer. */
async function closed(port: number): Promise<void> {
  while (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)) await nextTurn();
}

describe('the local stack', () => {
  it('prints a curl command that creates the documented customer, and stops at SIGTERM', async () => {
    const ports = { api: await freePort(), fake: await freePort() };
    const { child, exit, line } = startLocal(ports);
    const create = ['-c', await line(/^curl /)];
    // From any folder, and a second time without a second customer.
    const { stdout } = await run('sh', create, { cwd: '/' });
    expect(stdout).toMatch(/^HTTP\/1\.1 201 /);
    expect(stdout).toContain('"displayName":"Joni Sherman"');
    const again = await run('sh', create, { cwd: '/' });
    expect(again.stdout).toMatch(/^HTTP\/1\.1 201 [^]*\nidempotent-replayed: true/);

    const env = { ...process.env, GRAPH_FAKE_PORT: String(ports.fake), NODE_OPTIONS: '' };
    const token = await run(
      'npm',
      ['run', '-s', 'token', '--', '--scopes', 'Bookings.Manage.All'],
      {
        cwd: ROOT,
        env,
      },
    );
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

  it('stops when npm alone gets SIGTERM', async () => {
    const ports = { api: await freePort(), fake: await freePort() };
    // No build, which would disturb tests that run at the same time.
    const { child, line, exit } = startNpm(ports, ['run', 'dev']);
    await line(/^curl /);
    child.kill('SIGTERM');
    await exit;
    for (const port of Object.values(ports)) await closed(port);
  });

  it.each(['PORT', 'GRAPH_FAKE_PORT'])('refuses a %s that is no port in one line', async (key) => {
    const failed = run(process.execPath, ['tools/start-local.ts'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], [key]: 'abc' },
    });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: `${key} must be a port, a whole number from 0 to 65535, not "abc"\n`,
    });
  });

  it('restarts the API in development when a source file changes', async () => {
    const ports = { api: await freePort(), fake: await freePort() };
    const { child, exit, line } = startLocal(ports, [
      '--watch',
      '--conditions=@bookings/source',
      'tools/start-local.ts',
      '--watch',
    ]);
    const create = ['-c', await line(/^curl /)];
    expect((await run('sh', create)).stdout).toMatch(/^HTTP\/1\.1 201 /);

    const now = new Date();
    utimesSync(join(ROOT, 'libs/domain/src/index.ts'), now, now);
    await line(/"message":"listening"/);
    // The fake goes on, so that the token stays valid.
    expect((await run('sh', create)).stdout).toMatch(/^HTTP\/1\.1 201 /);

    child.kill('SIGTERM');
    await exit;
    for (const port of Object.values(ports)) {
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    }
  });

  it('lets the debugger of an editor attach to the API', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'debugger-'));
    // A debugger loads a script of its own into each process, by NODE_OPTIONS.
    const script = join(folder, 'attach.cjs');
    writeFileSync(script, "console.log('attached to', process.argv[1]);");
    const ports = { api: await freePort(), fake: await freePort() };
    const { args } = launchConfiguration('Local stack');
    const { child, exit, line } = startLocal(ports, args, { NODE_OPTIONS: `--require=${script}` });
    await line(/^attached to .+start-local\.ts$/);
    await line(/^attached to .+build.main\.js$/);
    await line(/^curl /);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    rmSync(folder, { recursive: true });
  });

  it.each<'api' | 'fake'>(['api', 'fake'])(
    'reports that the port of the %s is taken',
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

  it.each<['api' | 'fake', string]>([
    ['api', 'PORT'],
    ['fake', 'GRAPH_FAKE_PORT'],
  ])('says why the port of the %s cannot be used', async (which, setting) => {
    const ports = { api: await freePort(), fake: await freePort() };
    // As for a port below 1024 without the privilege.
    const preload = `
      import { Server } from 'node:net';
      const { listen } = Server.prototype;
      Server.prototype.listen = function (port, ...more) {
        if (port !== ${ports[which]}) return listen.call(this, port, ...more);
        const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
        process.nextTick(() => this.emit('error', error));
        return this;
      };`;
    const args = [`--import=data:text/javascript,${encodeURIComponent(preload)}`];
    const { exit, stderr } = startLocal(ports, [...args, 'tools/start-local.ts']);
    expect(await exit).toEqual([1, null]);
    expect(await stderr).toBe(
      `Port ${ports[which]} cannot be used (listen EACCES): choose another with ${setting}.\n`,
    );
  });

  it('makes tokens that differ as asked', async () => {
    const { child, line, exit } = startLocal({ api: await freePort(), fake: 0 });
    await line(/^curl /);
    // Found through the note of the running stack, because its port was chosen freely.
    const tokenOf = async (...args: string[]) => {
      const env = { PATH: process.env['PATH'], NODE_OPTIONS: '--conditions=@bookings/source' };
      return run(process.execPath, ['tools/token.ts', ...args], { cwd: ROOT, env });
    };
    const plain = await tokenOf('--scopes', 'Bookings.Manage.All');
    const other = await tokenOf(
      ...['--scopes', 'Bookings.Manage.All', '--expired', '--app-id', 'other', '--user', 'nora'],
    );
    child.kill('SIGTERM');
    await exit;
    const [one, two] = [plain, other].map(({ stdout }) => claimsOf(stdout));
    expect(one?.exp).toBeGreaterThan(Date.now() / 1000);
    expect(two?.exp).toBeLessThan(Date.now() / 1000);
    expect(two?.azp).toMatch(GUID);
    expect(two?.oid).toMatch(GUID);
    expect(two?.azp).not.toBe(one?.azp);
    expect(two?.oid).not.toBe(one?.oid);
    expect(other.stderr).toBe(
      `Expired token of a user, with Bookings.Manage.All, appId ${String(two?.azp)}, oid ${String(two?.oid)}\n`,
    );
  });

  it.each<[string, string[], RegExp]>([
    ['without permissions', [], /Either --roles or --scopes is needed/],
    ['with both kinds', ['--roles', 'x', '--scopes', 'y'], /Either --roles or --scopes is needed/],
    ['with an unknown option', ['--role', 'x'], /Unknown option '--role'/],
    ['with an unknown role', ['--roles', 'x'], /No such permission: x\. There are: Bookings/],
    ['with a user but a role', ['--roles', ROLE, '--user', 'x'], /--user needs --scopes/],
    ['when nothing runs', ['--roles', ROLE], /start the local stack with npm start/],
  ])('npm run token %s says what is missing on stderr', async (_title, args, expected) => {
    const env = {
      PATH: process.env['PATH'],
      GRAPH_FAKE_PORT: String(await freePort()),
      NODE_OPTIONS: '--conditions=@bookings/source',
    };
    const failed = run(process.execPath, ['tools/token.ts', ...args], { cwd: ROOT, env });
    await expect(failed).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(expected),
    });
  });

  it('npm run token refuses a wrong port of the fake in one line', async () => {
    const env = {
      PATH: process.env['PATH'],
      GRAPH_FAKE_PORT: 'abc',
      NODE_OPTIONS: '--conditions=@bookings/source',
    };
    const args = ['tools/token.ts', '--roles', ROLE];
    await expect(run(process.execPath, args, { cwd: ROOT, env })).rejects.toMatchObject({
      stdout: '',
      stderr: 'GRAPH_FAKE_PORT must be a port, a whole number from 0 to 65535, not "abc"\n',
    });
  });
});
