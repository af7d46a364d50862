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
import { runInNewContext } from 'node:vm';
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
      'github.ref ||',
      'github.reff ||',
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

/** A push of a commit to a branch, a change of a pull request, or a webhook of the broker. */
interface Run {
  readonly event_name: 'push' | 'pull_request' | 'repository_dispatch';
  readonly ref: string;
  readonly run_id: string;
}

describe('the concurrency group', () => {
  const MAIN = 'refs/heads/main';
  /** JavaScript has the operators of GitHub's expressions. */
  const groupOf = (file: string, github: Run): unknown => {
    const workflow = readFileSync(join(ROOT, WORKFLOWS, file), 'utf8');
    const [, expression = ''] = /group: .*-\$\{\{ (.*) \}\}/.exec(workflow) ?? [];
    return runInNewContext(expression, { github });
  };

  it.each<[string, string, Run['event_name'], string, boolean]>([
    ['ci.yml', 'separates the commits of main', 'push', MAIN, false],
    ['ci.yml', 'joins the changes of a pull request', 'pull_request', 'refs/pull/7/merge', true],
    ['contracts.yml', 'separates the commits of main', 'push', MAIN, false],
    // A webhook runs for the default branch.
    ['contracts.yml', 'separates webhooks', 'repository_dispatch', MAIN, false],
    ['contracts.yml', 'joins the commits of another branch', 'push', 'refs/heads/other', true],
  ])('of %s %s', (file, _title, event_name, ref, together) => {
    const groups = ['1', '2'].map((run_id) => groupOf(file, { event_name, ref, run_id }));
    expect(groups).not.toContain(undefined);
    expect(new Set(groups).size).toBe(together ? 1 : 2);
  });

  it.each([
    ['ci.yml', 'pull_request'],
    ['contracts.yml', 'push'],
  ] as const)('of %s separates branches', (file, event_name) => {
    const refs = ['refs/heads/a', 'refs/heads/b'];
    const groups = refs.map((ref) => groupOf(file, { event_name, ref, run_id: '1' }));
    expect(new Set(groups).size).toBe(2);
  });
});

describe('contracts.yml', () => {
  const workflow = readFileSync(join(ROOT, WORKFLOWS, 'contracts.yml'), 'utf8');

  it.each(['0a1b2c', 'fake-0a1b2c'])('checks out the commit of the version %s', async (VERSION) => {
    const [step = ''] = workflow.match(/(?<=id: provider\n\s+run: ).*/) ?? [];
    const GITHUB_OUTPUT = join(folder, 'output');
    await run('sh', ['-c', step], { env: { VERSION, GITHUB_OUTPUT } });
    expect(readFileSync(GITHUB_OUTPUT, 'utf8')).toBe('commit=0a1b2c\n');
  });

  it('asks for the API and for the client before it records anything', () => {
    const commands = workflow.match(/(?<=npm run )pact:(can|record-d).*/g);
    expect(commands).toEqual([
      'pact:can-i-deploy -- --to production',
      'pact:record-deployment -- --to production',
      'pact:record-deployment -- --to production --of microsoft-graph',
      'pact:can-i-deploy -- --to production --of bookings-client',
      'pact:record-deployment -- --to production --of bookings-client',
    ]);
  });
});
