import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { specifyStore } from '../../testing/specification/store-specification.ts';
import { claim, done } from '../../testing/specification/store-under-test.ts';
import { SqliteUnderTest } from '../../testing/sqlite-under-test.ts';

const ACKNOWLEDGING = fileURLToPath(new URL('../../testing/acknowledging.ts', import.meta.url));

// Servers, processes and threads take their time to start where much else runs.
jest.setTimeout(60_000);

describe('SqliteStore', () => {
  specifyStore(() => SqliteUnderTest.create(), { inOrder: true });

  describe('as a file', () => {
    let file: SqliteUnderTest;
    beforeEach(async () => {
      file = await SqliteUnderTest.create();
    });
    afterEach(() => file.remove());

    test('can be read by its owner alone', async () => {
      const store = await file.open();
      await store.apply('key', claim());
      const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
      expect(await mode(dirname(file.path))).toBe('700');
      for (const suffix of ['', '-wal', '-shm']) expect(await mode(file.path + suffix)).toBe('600');
    });

    test('holds all that a killed process was told is held', async () => {
      const child = spawn(process.execPath, [ACKNOWLEDGING, file.path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const told: string[] = [];
      for await (const line of createInterface(child.stdout)) {
        told.push(line);
        if (told.length === 100) child.kill('SIGKILL');
      }
      const keys = new Set((await file.records()).keys());
      expect(told.length).toBeGreaterThanOrEqual(100);
      expect(told.filter((line) => !keys.has(line.replace(/ claimed$/, '')))).toEqual([]);
    });

    test('is shared by processes', async () => {
      const racers = [0, 1, 2].map(() => {
        const child = spawn(process.execPath, [ACKNOWLEDGING, file.path], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        return { child, ended: once(child, 'close') };
      });
      const claimed: string[] = [];
      const reading = racers.map(async ({ child }) => {
        let lines = 0;
        for await (const line of createInterface(child.stdout)) {
          if (line.endsWith(' claimed')) claimed.push(line);
          lines += 1;
          if (lines === 100) child.kill('SIGKILL');
        }
      });
      await Promise.all([...reading, ...racers.map(({ ended }) => ended)]);
      expect(claimed.length).toBe(new Set(claimed).size);
      expect(claimed.length).toBeGreaterThanOrEqual(100);
    });

    test('rejects while it is gone, and goes on when it is back', async () => {
      const store = await file.open();
      await store.apply('key', claim());
      const away = `${dirname(file.path)}-away`;
      await rename(dirname(file.path), away);
      await expect(store.apply('key', claim())).rejects.toThrow('bookings.db is gone');
      expect(await store.unavailable()).toContain('bookings.db is gone');
      await rename(away, dirname(file.path));
      expect(await store.apply('key', claim())).toMatchObject({ kind: 'running' });
      expect(await store.unavailable()).toBeUndefined();
    });

    test('says so when another file has taken its place', async () => {
      const store = await file.open();
      const other = await SqliteUnderTest.create();
      await (await other.open('another secret')).close();
      await rename(dirname(file.path), `${dirname(file.path)}-away`);
      await rename(dirname(other.path), dirname(file.path));
      await expect(store.apply('key', claim())).rejects.toThrow('the secret is not the one');
      await writeFile(`${file.path}-text`, 'This is no database.'.repeat(100));
      await rename(`${file.path}-text`, file.path);
      await expect(store.apply('key', claim())).rejects.toThrow('file is not a database');
      await other.remove();
    });

    test('rejects while another process keeps it locked, and goes on then', async () => {
      const store = await file.open('secret', 20);
      using database = file.connect();
      database.exec('BEGIN IMMEDIATE');
      await expect(store.apply('key', claim())).rejects.toThrow('database is locked');
      expect(await store.unavailable()).toContain('database is locked');
      database.exec('ROLLBACK');
      expect(await store.apply('key', claim())).toMatchObject({ kind: 'claimed' });
    });

    test('waits for the disk once for all that is asked at once', async () => {
      const store = await file.open();
      const before = (await stat(`${file.path}-wal`)).size;
      const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
      await Promise.all(keys.map((key) => store.apply(key, claim(key))));
      // A transaction writes each page that it changed once: 200 of them would be 200 pages at least.
      expect((await stat(`${file.path}-wal`)).size - before).toBeLessThan(100 * 4096);
    });

    test('spares the neighbours of a command that fails', async () => {
      const store = await file.open();
      const asked = [
        store.apply('one', claim('one')),
        store.purge(1, Number.NaN),
        store.apply('two', claim('two')),
        store.apply('one', done()),
      ];
      const settled = await Promise.allSettled(asked);
      expect(settled.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect([...(await file.records()).keys()]).toEqual(['one', 'two']);
    });
  });
});
