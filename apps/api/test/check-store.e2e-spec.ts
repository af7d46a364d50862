import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS } from './documented.ts';
import { MAIN, useProxyProcess } from './proxy-process.ts';
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
    const refused = [
      69,
      'store: failed: neither the secret nor the previous one opens this store',
      ADVICE,
    ];
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
