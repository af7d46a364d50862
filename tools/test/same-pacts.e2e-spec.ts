import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from './command.ts';

const FILE = 'pacts/bookings-client-bookings-api.json';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'same-pacts-'));
  cpSync(join(ROOT, 'pacts'), join(folder, 'pacts'), { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: folder });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'test: pacts');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function edit(file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error('the edit changes nothing');
  writeFileSync(path, changed);
}

const CASES: readonly (readonly [title: string, prepare: () => void, code: number, RegExp])[] = [
  ['are what the tests write', () => undefined, 0, /^$/],
  [
    'differ in the versions of tools',
    () => {
      edit(FILE, (text) =>
        text.replace(/"pact-js": \{\s*"version": "[^"]+"/, '"pact-js": { "version": "0"'),
      );
    },
    0,
    /^$/,
  ],
  [
    'differ in a response',
    () => {
      edit(FILE, (text) => text.replace('"status": 413', '"status": 414'));
    },
    1,
    /is not what the tests write.*\n {2}~ a request to create a customer in a body that is too large\n$/,
  ],
  [
    'have an interaction that is not committed',
    () => {
      edit(FILE, (text) => text.replace('with only a name', 'with just a name'));
    },
    1,
    /\n {2}- .+with only a name\n {2}\+ .+with just a name\n$/,
  ],
  [
    'are written and not committed',
    () => {
      writeFileSync(join(folder, 'pacts/a-b.json'), '{"interactions":[]}');
    },
    1,
    /^pacts\/a-b\.json was written by the tests and is not committed\n$/,
  ],
  [
    'are committed and no longer written',
    () => {
      rmSync(join(folder, FILE));
    },
    1,
    /is committed and no test writes it/,
  ],
];

describe('the comparison of the pacts in CI', () => {
  it.each(CASES)('of pacts that %s', (_title, prepare, code, expected) => {
    prepare();
    const script = join(ROOT, '.ci/same-pacts.mjs');
    const { status, stdout } = spawnSync(process.execPath, [script], { cwd: folder });
    expect([status, stdout.toString()]).toEqual([code, expect.stringMatching(expected)]);
  });
});
