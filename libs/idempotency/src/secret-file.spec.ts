import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { secretBeside } from './secret-file.ts';

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
  it('is made once, for its owner alone, and found again', async () => {
    const secret = await secretBeside(path);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await secretBeside(path)).toBe(secret);
    expect((await stat(`${path}.secret`)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'var'))).mode & 0o777).toBe(0o700);
  });

  it('is one for all who make it at once, and leaves nothing else', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => secretBeside(path)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(join(folder, 'var'))).toEqual(['state.db.secret']);
  });

  it('is another for another file', async () => {
    expect(await secretBeside(path)).not.toBe(await secretBeside(`${path}2`));
  });

  it('is missed where the file is there without it', async () => {
    await secretBeside(path);
    await writeFile(path, 'SQLite format 3');
    await rm(`${path}.secret`);
    await expect(secretBeside(path)).rejects.toThrow(/^the secret of .* is gone: put .* back/);
    expect(await readdir(join(folder, 'var'))).toEqual(['state.db']);
  });

  it('is made for a file that is empty', async () => {
    await secretBeside(path);
    await writeFile(path, '');
    await rm(`${path}.secret`);
    expect(await secretBeside(path)).toHaveLength(43);
  });

  it.each(['', ' \n', 'short'])('is refused when it is %j', async (text) => {
    await secretBeside(path);
    await writeFile(`${path}.secret`, text);
    await expect(secretBeside(path)).rejects.toThrow('holds no secret');
    expect(await readFile(`${path}.secret`, 'utf8')).toBe(text);
  });
});
