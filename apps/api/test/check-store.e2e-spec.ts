import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { BUSINESS } from './documented.ts';
import { MAIN, useProxyProcess } from './proxy-process.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

const FIRST = 'the first secret of the store';
const SECOND = 'the second secret of the store';
const ADVICE =
  '  Compare STATE_URL and STATE_SECRET with those of the process that made the store.';
const launcher = useProxyProcess();
let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'var', 'state.db');
});

const files = () => readdirSync(dirname(path)).sort();

/** Runs --check --online. @returns the exit code, and what it says about the store */
async function check(env: Record<string, string>) {
  const args = ['--check', '--online', '--business', BUSINESS];
  const process_ = launcher.spawn(
    { STATE_URL: `sqlite:${path}`, ...env },
    { command: [process.execPath, MAIN, ...args] },
  );
  const [code] = await process_.exit;
  const [settings, ...lines] = process_.stdout.trimEnd().split('\n');
  const end = lines.findIndex((line) => line.startsWith('key set'));
  expect([settings, process_.stderr]).toEqual(['settings: ok', '']);
  return [code, ...lines.slice(0, end)];
}

async function makeStore(env: Record<string, string>): Promise<void> {
  const proxy = await launcher.start({ STATE_URL: `sqlite:${path}`, ...env });
  await proxy.create({ headers: { 'idempotency-key': 'k' } });
  await proxy.stop();
}

describe('--check --online', () => {
  it('is content without a store, and makes none', async () => {
    expect(await check({})).toEqual([0, 'store: ok']);
    expect(readdirSync(dirname(dirname(path)))).toEqual([]);
  });

  it('opens the store of a running process, and leaves it as it was', async () => {
    const env = { STATE_URL: `sqlite:${path}`, STATE_SECRET: FIRST };
    const proxy = await launcher.start(env);
    const create = () => proxy.create({ headers: { 'idempotency-key': 'k' } });
    const created = await create();
    const before = files();
    expect(await check({ STATE_SECRET: FIRST })).toEqual([0, 'store: ok']);
    expect(files()).toEqual(before);
    expect((await create()).text).toBe(created.text);
    await proxy.stop();
  });

  it('says that the secret was changed, and accepts the previous one without storing the new one', async () => {
    await makeStore({ STATE_SECRET: FIRST });
    const refused = [69, 'store: failed: the secret does not open this store', ADVICE];
    expect(await check({ STATE_SECRET: SECOND })).toEqual(refused);
    const rotated = { STATE_SECRET: SECOND, STATE_SECRET_PREVIOUS: FIRST };
    expect(await check(rotated)).toEqual([0, 'store: ok']);
    expect(await check({ STATE_SECRET: SECOND })).toEqual(refused);
  });

  it('reads the secret beside the store, and names the file when it is gone', async () => {
    await makeStore({});
    expect(await check({})).toEqual([0, 'store: ok']);
    rmSync(`${path}.secret`);
    const [code, problem, advice] = await check({});
    expect([code, advice]).toEqual([69, ADVICE]);
    expect(problem).toMatch(/^store: failed: the secret of /);
    expect(problem).toContain(`restore ${path}.secret or set STATE_SECRET`);
    expect(files().join()).not.toContain('check-');
  });

  it('says that the file is not a store', async () => {
    mkdirSync(dirname(path));
    writeFileSync(path, 'no database, but longer than the header of one would be: '.repeat(9));
    expect(await check({ STATE_SECRET: FIRST })).toEqual([
      69,
      'store: failed: file is not a database',
      '  Check the file that STATE_URL names and its folder, or restore a backup.',
    ]);
    expect(files()).toEqual(['state.db']);
  });
});

describe('--check --online with PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
    onTeardown(() => server.stop());
  });

  it('opens an empty database and a store, and leaves both as they were', async () => {
    const STATE_URL = await server.createDatabase();
    const settings = { STATE_URL, STATE_SECRET: FIRST };
    expect(await check(settings)).toEqual([0, 'store: ok']);
    // It would fail if the check had left its tables.
    await server.run(STATE_URL, 'CREATE TABLE idempotency_meta (name text, value text)');
    await server.run(STATE_URL, 'DROP TABLE idempotency_meta');
    const proxy = await launcher.start(settings);
    const create = () => proxy.create({ headers: { 'idempotency-key': 'k' } });
    const created = await create();
    expect(await check(settings)).toEqual([0, 'store: ok']);
    expect((await create()).text).toBe(created.text);
    await proxy.stop();
    const refused = 'store: failed: the secret does not open this store';
    expect(await check({ ...settings, STATE_SECRET: SECOND })).toEqual([69, refused, ADVICE]);
    const rotated = { ...settings, STATE_SECRET: SECOND, STATE_SECRET_PREVIOUS: FIRST };
    expect(await check(rotated)).toEqual([0, 'store: ok']);
    expect(await check({ ...settings, STATE_SECRET: SECOND })).toEqual([69, refused, ADVICE]);
  });

  it('says that the store is of a later release', async () => {
    const STATE_URL = await server.createDatabase();
    const settings = { STATE_URL, STATE_SECRET: FIRST };
    const proxy = await launcher.start(settings);
    await proxy.create({ headers: { 'idempotency-key': 'k' } });
    await proxy.stop();
    const newer = "UPDATE idempotency_meta SET value = '99' WHERE name = 'schema_version'";
    await server.run(STATE_URL, newer);
    const [code, problem] = await check(settings);
    expect([code, problem]).toEqual([69, expect.stringContaining('of a later release')]);
  });

  it('says why it cannot use the database, without the password', async () => {
    const url = new URL(await server.createDatabase());
    await server.run(url.href, "CREATE ROLE powerless LOGIN PASSWORD 'its-password'");
    await server.run(url.href, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    const problems: unknown[] = [];
    const problemAt = async (change: (other: URL) => void) => {
      const other = new URL(url);
      change(other);
      const [code, problem] = await check({ STATE_URL: other.href, STATE_SECRET: FIRST });
      problems.push([code, problem]);
      expect(String(problem)).not.toContain(other.password);
    };
    await problemAt((other) => (other.pathname = '/absent'));
    await problemAt((other) => (other.password = 'wrong-password'));
    await problemAt((other) => {
      [other.username, other.password] = ['powerless', 'its-password'];
    });
    await problemAt((other) => (other.port = '9'));
    const reasons = ['does not exist', 'password authentication failed', 'permission denied'];
    expect(problems).toEqual(
      [...reasons, 'ECONNREFUSED'].map((text) => [69, expect.stringContaining(text)]),
    );
  });
});
