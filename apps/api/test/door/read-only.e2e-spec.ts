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
  HOME: home(),
  TMPDIR: home(),
  XDG_CACHE_HOME: home(),
});

/** Starts, does what it is there for, shows its page, and ends. */
async function checkWork(proxy: ProxyProcess): Promise<void> {
  const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
  const created = await fetch(`${proxy.url}${customersPath()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: DOCUMENTED_REQUEST,
  });
  expect(created.status).toBe(201);
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
  it('runs as a user without a name and without a place to write', async () => {
    const command = [join(folder, 'node'), join(folder, 'dist/main.js')] as const;
    const user = isRoot ? { uid: UID, gid: UID } : {};
    await checkWork(await startProxy([...command], env(), { cwd: home(), ...user }));
  });

  // Skipped where no namespace can be had: the report says so.
  (isRoot && mayMount ? it : it.skip)('runs where every file system is read-only', async () => {
    const readOnly = [
      'mount --make-rprivate /',
      // A mount that cannot be told, such as one of the kernel's, is no place for files.
      'while read -r _ at _; do mount -o remount,bind,ro "$at" 2>/dev/null; done < /proc/self/mounts',
      `! touch "${folder}/dist/x" "${tmpdir()}/x" /x /dev/shm/x 2>/dev/null || exit 9`,
      `exec "${folder}/node" "${folder}/dist/main.js"`,
    ].join('\n');
    await checkWork(await startProxy(['unshare', '--mount', 'sh', '-c', readOnly], env()));
  });
});
