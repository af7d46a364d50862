import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS } from './documented.ts';
import { runKeys } from './keys-process.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

// This version is the one to go back to. What the next one does to the store is done by hand.
const launcher = useProxyProcess();
let path: string;
let copy: string;
let settings: Record<string, string>;
beforeEach(() => {
  const folder = temporaryFolder();
  [path, copy] = [join(folder, 'state.db'), join(folder, 'copy.db')];
  settings = {
    STATE_URL: `sqlite:${path}`,
    STATE_SECRET: 'a secret that is long enough',
    IDEMPOTENCY_SETTLE_MS: '50',
  };
});

const create = (proxy: ProxyProcess, key: string) =>
  proxy.create({
    body: JSON.stringify({ displayName: key }),
    headers: { 'idempotency-key': key },
  });

function changeStore(...statements: string[]): void {
  using database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
}
const setMeta = (name: string, value: number) =>
  `UPDATE idempotency_meta SET value = '${value}' WHERE name = '${name}'`;

describe('after an upgrade, an older version', () => {
  it('works with a store to which something was added', async () => {
    const before = await launcher.start(settings);
    const { body } = await create(before, 'before');
    changeStore(
      'ALTER TABLE idempotency_keys ADD COLUMN later TEXT',
      setMeta('schema_revision', 99),
    );
    // A process that runs during the rollout, and one that is started again after it.
    expect((await create(before, 'beside')).status).toBe(201);
    await before.stop();
    const after = await launcher.start(settings);
    const again = await create(after, 'before');
    expect([again.body['id'], again.headers.get('idempotent-replayed')]).toEqual([
      body['id'],
      'true',
    ]);
    expect((await create(after, 'after')).status).toBe(201);
  });

  it('exits with 78 otherwise, and works with the copy from before the upgrade under guard', async () => {
    const before = await launcher.start(settings);
    await create(before, 'before');
    expect((await runKeys(settings, 'backup', copy)).code).toBe(0);
    const copiedAt = new Date().toISOString();
    const lost = await create(before, 'since-the-copy');
    await before.stop();
    changeStore(setMeta('schema_version', 2));
    const refused = launcher.spawn(settings);
    expect(await refused.exit).toEqual([78, null]);
    expect(refused.stderr).toMatch(/the store's schema is version 2, of a later release/);

    for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true });
    await copyFile(copy, path);
    expect((await runKeys(settings, 'guard', '--since', copiedAt)).code).toBe(0);
    const after = await launcher.start(settings);
    expect((await create(after, 'before')).headers.get('idempotent-replayed')).toBe('true');
    const again = await create(after, 'since-the-copy');
    expect([again.status, again.body['id']]).toEqual([201, lost.body['id']]);
    expect(launcher.fake.customers(BUSINESS)).toHaveLength(2);
  });
});
