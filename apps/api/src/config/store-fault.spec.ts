import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIdempotency } from './idempotency.ts';
import { SettingReader } from './setting-reader.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  writeFileSync(join(folder, 'file'), '');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function faults(path: string): string[] {
  const read = new SettingReader({ STATE_URL: `sqlite:${join(folder, path)}` });
  readIdempotency(read);
  return read.faults.map(({ key, wrong }) => `${key} ${wrong}`);
}

// The end-to-end test of the start has the rights of a user who is not root.
describe('the file of STATE_URL', () => {
  it.each([
    ['a new file', 'new.db', []],
    ['a file that exists', 'file', []],
    ['a folder that can be made', 'a/b/new.db', []],
    ['a folder in place of the file', '.', ['STATE_URL names a folder']],
    ['a file as its folder', 'file/new.db', ['STATE_URL is below something that is not a folder']],
    ['the same further up', 'file/a/b', ['STATE_URL is below something that is not a folder']],
  ])('is judged: %s', (_title, path, expected) => {
    expect(faults(path)).toEqual(expected);
  });

  it('is not read for a PostgreSQL', () => {
    const read = new SettingReader({
      STATE_URL: 'postgres://a@b/c',
      STATE_SECRET: 'a secret that is long',
    });
    readIdempotency(read);
    expect(read.faults).toEqual([]);
  });

  it('is not a named pipe, which may never open', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(faults('pipe')).toEqual(['STATE_URL names something that is not a file']);
  });

  it.each<[string, (file: string) => void]>([
    [
      'cannot be read',
      (file) => {
        mkdirSync(file);
      },
    ],
    ['is not a file', (file) => execFileSync('mkfifo', [file])],
    [
      'is too large for a secret',
      (file) => {
        writeFileSync(file, 'x'.repeat(65_537));
      },
    ],
  ])('needs a secret beside it, not one that %s', (fault, make) => {
    const secret = join(folder, 'file.secret');
    make(secret);
    expect(faults('file')).toEqual([
      `STATE_SECRET is missing, and the secret beside the file of STATE_URL ${fault}`,
    ]);
    rmSync(secret, { recursive: true });
  });
});
