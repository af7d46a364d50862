import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProxyProcess, useProxyProcess, DIST } from '../proxy-process.ts';

/** A user id without an account. */
const UID = 54_321;
const isRoot = process.getuid?.() === 0;
/** Not every machine allows a mount namespace. */
const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

const launcher = useProxyProcess();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-only-'));
  cpSync(DIST, join(folder, 'dist'), { recursive: true });
  // Other users may not be able to read the workspace.
  cpSync(process.execPath, join(folder, 'node'), { dereference: true });
  mkdirSync(join(folder, 'home'));
  mkdirSync(join(folder, 'state'));
  chmodSync(join(folder, 'state'), 0o777);
  for (const each of ['dist/docs', 'dist', 'home', '']) chmodSync(join(folder, each), 0o555);
});
afterAll(() => {
  for (const each of ['', 'home', 'dist', 'dist/docs']) chmodSync(join(folder, each), 0o755);
  rmSync(folder, { recursive: true });
});

const home = () => join(folder, 'home');
const env = () => ({
  // The only folder that the process can write to.
  STATE_URL: `sqlite:${join(folder, 'state', 'state.db')}`,
  HOME: home(),
  TMPDIR: home(),
  XDG_CACHE_HOME: home(),
});

/** Checks that the process creates customers, serves every page, and exits. */
async function checkWork(proxy: ProxyProcess): Promise<void> {
  expect((await proxy.create()).status).toBe(201);
  const headers = { 'idempotency-key': crypto.randomUUID() };
  expect((await proxy.create({ headers })).status).toBe(201);
  for (const path of [
    '/livez',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/docs/swagger-ui.css',
  ]) {
    expect([path, (await proxy.get(path)).status]).toEqual([path, 200]);
  }
  expect(await proxy.stop()).toEqual([0, null]);
  expect(proxy.stdout + proxy.stderr).not.toMatch(/EACCES|EROFS|EPERM/);
}

/** Options that run the copy of the build, without privileges. */
const unprivileged = () => ({
  command: [join(folder, 'node'), join(folder, 'dist/main.js')] as const,
  cwd: home(),
  ...(isRoot && { uid: UID, gid: UID }),
});

describe('the production process', () => {
  it('runs as a user without an account that can write only to the state folder', async () => {
    await checkWork(await launcher.start(env(), unprivileged()));
  });

  it('does not start when it cannot write its state', async () => {
    const settings = { ...env(), STATE_URL: `sqlite:${join(home(), 'state.db')}` };
    await expect(launcher.start(settings, unprivileged())).rejects.toThrow(
      'STATE_URL is in a folder that is not writable',
    );
  });

  // The report shows when this test is skipped.
  (isRoot && mayMount ? it : it.skip)(
    'runs when every file system except that of the state is read-only',
    async () => {
      const readOnly = [
        'mount --make-rprivate /',
        // Mounts that cannot be changed, such as those of the kernel, hold no files.
        'while read -r _ at _; do mount -o remount,bind,ro "$at" 2>/dev/null; done < /proc/self/mounts',
        `! touch "${folder}/dist/x" "${tmpdir()}/x" /x /dev/shm/x 2>/dev/null || exit 9`,
        `mount -t tmpfs none "${folder}/state"`,
        `exec "${folder}/node" "${folder}/dist/main.js"`,
      ].join('\n');
      const command = ['unshare', '--mount', 'sh', '-c', readOnly] as const;
      await checkWork(await launcher.start(env(), { command }));
    },
  );
});
