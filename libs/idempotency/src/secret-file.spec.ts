import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOrCreateSecret } from './secret-file.ts';
import { StoreUnusable } from './store.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-'));
  path = join(folder, 'var', 'state.db');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the secret of a SQLite file', () => {
  it('is created once, and readable by its owner only', async () => {
    const secret = await readOrCreateSecret(path);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await readOrCreateSecret(path)).toBe(secret);
    expect((await stat(`${path}.secret`)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'var'))).mode & 0o777).toBe(0o700);
  });

  it('is created once by concurrent calls, which leave no other files', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => readOrCreateSecret(path)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(join(folder, 'var'))).toEqual(['state.db.secret']);
  });

  it('differs between files', async () => {
    expect(await readOrCreateSecret(path)).not.toBe(await readOrCreateSecret(`${path}2`));
  });

  it('is required when the SQLite file has content', async () => {
    await readOrCreateSecret(path);
    await writeFile(path, 'SQLite format 3');
    await rm(`${path}.secret`);
    await expect(readOrCreateSecret(path)).rejects.toThrow(/^the secret of .* is gone: restore /);
    expect(await readdir(join(folder, 'var'))).toEqual(['state.db']);
  });

  it('is created for an empty SQLite file', async () => {
    await readOrCreateSecret(path);
    await writeFile(path, '');
    await rm(`${path}.secret`);
    expect(await readOrCreateSecret(path)).toHaveLength(43);
  });

  it.each(['', ' \n', 'short'])('is rejected when it is %j', async (text) => {
    await readOrCreateSecret(path);
    await writeFile(`${path}.secret`, text);
    await expect(readOrCreateSecret(path)).rejects.toThrow('holds no secret');
    expect(await readFile(`${path}.secret`, 'utf8')).toBe(text);
  });

  it('is rejected when its file is too large for one', async () => {
    await readOrCreateSecret(path);
    await writeFile(`${path}.secret`, 'x'.repeat(65_536));
    expect(await readOrCreateSecret(path)).toHaveLength(65_536);
    await writeFile(`${path}.secret`, 'x'.repeat(65_537));
    await expect(readOrCreateSecret(path)).rejects.toThrow(
      new StoreUnusable(`${path}.secret is too large for a secret`),
    );
  });

  it.each([
    ['a named pipe', (file: string) => execFileSync('mkfifo', [file])],
    [
      'a folder',
      (file: string) => {
        mkdirSync(file);
      },
    ],
  ])('is not read from %s', async (_title, make) => {
    mkdirSync(join(folder, 'var'));
    make(`${path}.secret`);
    await expect(readOrCreateSecret(path)).rejects.toThrow(
      new StoreUnusable(`${path}.secret is not a file`),
    );
  });
});
