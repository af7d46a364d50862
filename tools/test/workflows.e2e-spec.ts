import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from './command.ts';
import tools from '../project.json' with { type: 'json' };

const run = promisify(execFile);
const WORKFLOWS = '.github/workflows';
/** The part of the lint target that checks workflows. */
const lint = tools.targets.lint.options.command.split(' && ').at(-1) ?? '';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workflows-'));
  mkdirSync(join(folder, 'tools'));
  cpSync(join(ROOT, WORKFLOWS), join(folder, WORKFLOWS), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Lints the copy of the workflows. Rejects with what was printed if they are wrong. */
const lintCopy = () =>
  run('sh', ['-c', lint], {
    cwd: join(folder, 'tools'),
    env: { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` },
  });

function edit(file: string, from: string, to: string): void {
  const path = join(folder, WORKFLOWS, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error('the edit changes nothing');
  writeFileSync(path, text.replace(from, to));
}

describe('the lint of workflows', () => {
  it('accepts every workflow', async () => {
    const { stdout } = await lintCopy();
    expect(stdout).toContain(
      `Checking ${readdirSync(join(ROOT, WORKFLOWS)).length} workflow file(s)`,
    );
  });

  it.each([
    [
      'a wrong key',
      'ci.yml',
      'timeout-minutes',
      'timeout_minutes',
      /unexpected key "timeout_minutes"/,
    ],
    [
      'a wrong expression',
      'ci.yml',
      'github.ref }}',
      'github.reff }}',
      /property "reff" is not defined/,
    ],
    [
      'a job that is not there',
      'contracts.yml',
      'needs: consumer',
      'needs: customer',
      /"customer".* does not exist/,
    ],
    [
      'an unknown permission',
      'contracts.yml',
      'contents: read',
      'content: read',
      /unknown permission scope "content"/,
    ],
  ])('refuses %s', async (_title, file, from, to, expected) => {
    edit(file, from, to);
    await expect(lintCopy()).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(expected),
    });
  });
});

describe('the workflows', () => {
  it('use actions by a whole commit, and name its version', () => {
    const files = readdirSync(join(ROOT, WORKFLOWS)).map((file) =>
      readFileSync(join(ROOT, WORKFLOWS, file), 'utf8'),
    );
    const uses = files.flatMap((text) => text.match(/(?<=uses: ).*/g) ?? []);
    expect(uses).not.toEqual([]);
    for (const each of uses) expect(each).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
