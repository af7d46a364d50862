import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { specifyDamagedRows } from '../src/testing/specification/damaged-rows.ts';
import { specifyDatabase } from '../src/testing/specification/database.ts';
import { specifyLateCalls } from '../src/testing/specification/late-calls.ts';
import { specifyStore } from '../src/testing/specification/store-specification.ts';
import { SECRETS, acquire, apply, complete } from '../src/testing/specification/events.ts';
import { backUpSqlite } from '../src/stores/sqlite/sqlite-backup.ts';
import { SqliteUnderTest } from '../src/testing/sqlite-under-test.ts';

const program = (name: string) =>
  fileURLToPath(new URL(`../src/testing/${name}.ts`, import.meta.url));
const ACQUIRE_UNTIL_KILLED = program('acquire-until-killed');

describe('SqliteStore', () => {
  specifyStore(() => SqliteUnderTest.create(), { inOrder: true });
  specifyDatabase(() => SqliteUnderTest.create());
  describe('that is slow', () => {
    specifyLateCalls(() => SqliteUnderTest.create());
  });
  describe('with damaged rows', () => {
    specifyDamagedRows(() => SqliteUnderTest.create());
  });

  describe('with its file', () => {
    let file: SqliteUnderTest;
    beforeEach(async () => {
      file = await SqliteUnderTest.create();
    });
    afterEach(() => file.remove());

    test('creates files that only their owner can read', async () => {
      const store = await file.open();
      await apply(store, 'key', acquire());
      const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
      expect(await mode(dirname(file.path))).toBe('700');
      for (const suffix of ['', '-wal', '-shm']) expect(await mode(file.path + suffix)).toBe('600');
    });

    test('keeps every acknowledged event when the process is killed', async () => {
      const child = spawn(process.execPath, [ACQUIRE_UNTIL_KILLED, file.path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const acknowledged: string[] = [];
      for await (const line of createInterface(child.stdout)) {
        acknowledged.push(line);
        if (acknowledged.length === 100) child.kill('SIGKILL');
      }
      const keys = new Set((await file.records()).keys());
      expect(acknowledged.length).toBeGreaterThanOrEqual(100);
      expect(acknowledged.filter((line) => !keys.has(line.replace(/ acquired$/, '')))).toEqual([]);
    });

    test('keeps the process alive until it is closed', async () => {
      const run = promisify(execFile)(process.execPath, [program('open-and-close'), file.path]);
      expect((await run).stdout).toBe('closed\n');
    });

    test('acquires each key once when processes share the file', async () => {
      const racers = [0, 1, 2].map(() => {
        const child = spawn(process.execPath, [ACQUIRE_UNTIL_KILLED, file.path], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        return { child, ended: once(child, 'close') };
      });
      const acquired: string[] = [];
      const reading = racers.map(async ({ child }) => {
        let lines = 0;
        for await (const line of createInterface(child.stdout)) {
          if (line.endsWith(' acquired')) acquired.push(line);
          lines += 1;
          if (lines === 100) child.kill('SIGKILL');
        }
      });
      await Promise.all([...reading, ...racers.map(({ ended }) => ended)]);
      expect(acquired.length).toBe(new Set(acquired).size);
      expect(acquired.length).toBeGreaterThanOrEqual(100);
    });

    test('rejects events while the file is missing, and works again after', async () => {
      const store = await file.open();
      await apply(store, 'key', acquire());
      const away = `${dirname(file.path)}-away`;
      await rename(dirname(file.path), away);
      await expect(apply(store, 'key', acquire())).rejects.toThrow('bookings.db is gone');
      expect(await store.unavailable()).toContain('bookings.db is gone');
      await rename(away, dirname(file.path));
      expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'in-progress' });
      expect(await store.unavailable()).toBeUndefined();
    });

    test('notices that another file has replaced it', async () => {
      const store = await file.open();
      const other = await SqliteUnderTest.create();
      await (await other.open({ current: 'another', previous: undefined })).close();
      await rename(dirname(file.path), `${dirname(file.path)}-away`);
      await rename(dirname(other.path), dirname(file.path));
      await expect(apply(store, 'key', acquire())).rejects.toThrow(
        'the secret does not open this store',
      );
      await writeFile(`${file.path}-text`, 'This is no database.'.repeat(100));
      await rename(`${file.path}-text`, file.path);
      await expect(apply(store, 'key', acquire())).rejects.toThrow('file is not a database');
      await other.remove();
    });

    test('refuses an older copy that was put back while it runs', async () => {
      const store = await file.open();
      await backUpSqlite(file.path, `${file.path}-copy`);
      await apply(store, 'key', acquire());
      for (const end of ['', '-wal', '-shm']) await rm(`${file.path}${end}`);
      await rename(`${file.path}-copy`, file.path);
      const refused = apply(store, 'key', acquire());
      await expect(refused).rejects.toThrow('was replaced: restart the process');
    });

    test('rejects events while another process locks the file, and works again after', async () => {
      const store = await file.open(SECRETS, { busyTimeoutMs: 20 });
      using database = file.connect();
      database.exec('BEGIN IMMEDIATE');
      await expect(apply(store, 'key', acquire())).rejects.toThrow('database is locked');
      expect(await store.unavailable()).toContain('database is locked');
      database.exec('ROLLBACK');
      expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'acquired' });
    });

    test('rejects events while the disk does not answer, and never applies those that it has not begun', async () => {
      const store = await file.open(SECRETS, { busyTimeoutMs: 60_000, replyTimeoutMs: 300 });
      using database = file.connect();
      // The worker waits for the lock inside SQLite, as it would for a disk that hangs.
      database.exec('BEGIN IMMEDIATE');
      const running = apply(store, 'running', acquire('running'));
      const late = 'the store did not answer in time';
      await expect(running).rejects.toThrow(late);
      await expect(apply(store, 'waiting', acquire('waiting'))).rejects.toThrow(late);
      expect(await store.unavailable()).toBe(late);
      database.exec('ROLLBACK');
      for (let isFree = false; !isFree;) isFree = (await store.unavailable()) === undefined;
      const keys = [...(await file.records()).keys()];
      expect(keys.filter((key) => !key.startsWith('probe'))).toEqual([]);
    });

    test('commits concurrent events in one transaction', async () => {
      const store = await file.open();
      const before = (await stat(`${file.path}-wal`)).size;
      const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
      await Promise.all(keys.map((key) => apply(store, key, acquire(key))));
      // A transaction writes each changed page once. 200 transactions would write 200 pages or more.
      expect((await stat(`${file.path}-wal`)).size - before).toBeLessThan(100 * 4096);
    });

    test('applies the other commands of a batch when one fails', async () => {
      const store = await file.open();
      const commands = [
        apply(store, 'one', acquire('one')),
        store.purge(1, Number.NaN),
        apply(store, 'two', acquire('two')),
        apply(store, 'one', complete()),
      ];
      const results = await Promise.allSettled(commands);
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect([...(await file.records()).keys()]).toEqual(['one', 'two']);
    });
  });
});
