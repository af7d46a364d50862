import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { CREATE_PERMISSION, DOCUMENTED_REQUEST, customersPath } from '../stack.ts';
import { DIST, type ProxyProcess, startProxy } from './proxy-process.ts';

/** Nobody in particular: a number that no account has. */
const UID = 54_321;
const isRoot = process.getuid?.() === 0;
/** A mount namespace takes privileges that not every machine gives. */
const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

let fake: GraphFake;
let folder: string;
beforeAll(async () => {
  fake = await GraphFake.start();
  folder = mkdtempSync(join(tmpdir(), 'read-only-'));
  cpSync(DIST, join(folder, 'dist'), { recursive: true });
  // Where the workspace lies need not be open to everybody.
  cpSync(process.execPath, join(folder, 'node'), { dereference: true });
  mkdirSync(join(folder, 'home'));
  mkdirSync(join(folder, 'state'));
  chmodSync(join(folder, 'state'), 0o777);
  for (const each of ['dist/docs', 'dist', 'home', '']) chmodSync(join(folder, each), 0o555);
});
afterAll(async () => {
  await fake.close();
  for (const each of ['', 'home', 'dist', 'dist/docs']) chmodSync(join(folder, each), 0o755);
  rmSync(folder, { recursive: true });
});

const home = () => join(folder, 'home');
const env = () => ({
  ...proxyEnvironment(fake),
  // The one place to write, for what must outlive the process.
  STATE_URL: `sqlite:${join(folder, 'state', 'state.db')}`,
  HOME: home(),
  TMPDIR: home(),
  XDG_CACHE_HOME: home(),
});

async function create(proxy: ProxyProcess, headers: Record<string, string> = {}): Promise<number> {
  const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
  const { status } = await fetch(`${proxy.url}${customersPath()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: DOCUMENTED_REQUEST,
  });
  return status;
}

/** Starts, does what it is there for, shows its page, and ends. */
async function checkWork(proxy: ProxyProcess): Promise<void> {
  expect(await create(proxy)).toBe(201);
  expect(await create(proxy, { 'idempotency-key': crypto.randomUUID() })).toBe(201);
  for (const path of [
    '/livez',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/docs/swagger-ui.css',
  ]) {
    expect([path, (await fetch(`${proxy.url}${path}`)).status]).toEqual([path, 200]);
  }
  expect(await proxy.stop()).toEqual([0, null]);
  expect(proxy.output()).not.toMatch(/EACCES|EROFS|EPERM/);
}

describe('the production process', () => {
  it('runs as a user without a name and without a place to write but for its state', async () => {
    const command = [join(folder, 'node'), join(folder, 'dist/main.js')] as const;
    const user = isRoot ? { uid: UID, gid: UID } : {};
    await checkWork(await startProxy([...command], env(), { cwd: home(), ...user }));
  });

  it('refuses creates with a key, and no other, without a place for its state', async () => {
    const command = [join(folder, 'node'), join(folder, 'dist/main.js')] as const;
    const user = isRoot ? { uid: UID, gid: UID } : {};
    const settings = { ...env(), STATE_URL: `sqlite:${join(home(), 'state.db')}` };
    const proxy = await startProxy([...command], settings, { cwd: home(), ...user });
    expect(await create(proxy)).toBe(201);
    expect(await create(proxy, { 'idempotency-key': 'k' })).toBe(503);
    const ready = await fetch(`${proxy.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([
      200,
      expect.stringMatching(
        /"degraded":\["creates with an Idempotency-Key are refused: the store cannot be opened \(EACCES\)"/,
      ),
    ]);
    expect(await proxy.stop()).toEqual([0, null]);
  });

  // Skipped where no namespace can be had: the report says so.
  (isRoot && mayMount ? it : it.skip)(
    'runs where every file system is read-only but for its state',
    async () => {
      const readOnly = [
        'mount --make-rprivate /',
        // A mount that cannot be told, such as one of the kernel's, is no place for files.
        'while read -r _ at _; do mount -o remount,bind,ro "$at" 2>/dev/null; done < /proc/self/mounts',
        `! touch "${folder}/dist/x" "${tmpdir()}/x" /x /dev/shm/x 2>/dev/null || exit 9`,
        `mount -t tmpfs none "${folder}/state"`,
        `exec "${folder}/node" "${folder}/dist/main.js"`,
      ].join('\n');
      await checkWork(await startProxy(['unshare', '--mount', 'sh', '-c', readOnly], env()));
    },
  );
});
