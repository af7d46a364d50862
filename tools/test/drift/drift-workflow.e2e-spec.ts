import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../command.ts';

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: { readonly compare: Job; readonly issue: Job };
}

const workflow = parse(readFileSync(join(ROOT, '.github/workflows/drift.yml'), 'utf8')) as Workflow;
const { compare, issue } = workflow.jobs;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drift-workflow-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Puts a program on the path of the step. */
function program(name: string, script: string): void {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/bash\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Runs the last script of a job as a runner does. Resolves to its exit code. */
async function runJob(job: Job, env: Readonly<Record<string, string>> = {}): Promise<number> {
  const step = job.steps.findLast(({ run }) => run !== undefined);
  const path = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  };
  const options = { cwd: folder, env: { ...step?.env, ...env, ...files, PATH: path } };
  const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'exit 99'];
  return promisify(execFile)('bash', args, options).then(
    () => 0,
    (error: unknown) => Number((error as { readonly code: unknown }).code),
  );
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('the job that compares', () => {
  it('passes without drift, and writes no report', async () => {
    program('npm', 'echo "No drift."; exit 0');
    expect(await runJob(compare)).toBe(0);
    expect(read('output')).toBe('drift=no\n');
    expect(read('summary')).toBe('No drift.\n');
  });

  it('passes with drift, and hands on the report', async () => {
    program('npm', 'echo "$@" > asked; echo "Drift: 1 breaking"; echo "| a |"; exit 1');
    expect(await runJob(compare)).toBe(0);
    expect(read('output')).toMatch(
      /^drift=yes\nreport<<(end-[0-9a-f-]{36})\nDrift: 1 breaking\n\| a \|\n\n\1\n$/,
    );
    expect(read('asked')).toMatch(
      /^run -s drift -- --permissions https:\/\/\S+\/permissions.json\n$/,
    );
  });

  it('cuts a report that is too long for an issue', async () => {
    program('npm', 'echo "Drift: 1"; head -c 100000 /dev/zero | tr "\\0" a; exit 1');
    expect(await runJob(compare)).toBe(0);
    expect(read('output').length).toBeLessThan(65_000);
  });

  it('fails when the check did not start, which also ends with 1', async () => {
    program('npm', 'echo "The build failed." >&2; exit 1');
    expect(await runJob(compare)).toBe(1);
  });

  it.each([2, 127])('fails when the check ends with %d', async (code) => {
    program('npm', `echo "Could not compare" >&2; exit ${code}`);
    expect(await runJob(compare)).toBe(code);
  });
});

describe('the job that writes the issue', () => {
  const gh = (issues: unknown) => {
    writeFileSync(join(folder, 'issues.json'), JSON.stringify(issues));
    // Like gh, it applies the expression of --jq with the environment.
    program(
      'gh',
      `if [ "$2" = list ]; then jq -r "\${@: -1}" issues.json; else echo "$@" >> calls; fi`,
    );
  };
  const env = { REPORT: 'Drift: 1 breaking\n\n| a "b" $c |', RUN: 'https://example.com/run' };
  const title = 'Graph differs from what the project knows';

  it('writes one if none is open', async () => {
    gh([{ number: 7, title: `${title}, perhaps` }]);
    expect(await runJob(issue, env)).toBe(0);
    expect(read('calls')).toBe(`issue create --title ${title} --body-file body.md\n`);
    expect(read('body.md')).toContain(env.REPORT);
  });

  it('changes the text of the one that is open', async () => {
    gh([
      { number: 7, title: 'Another' },
      { number: 9, title },
    ]);
    expect(await runJob(issue, env)).toBe(0);
    expect(read('calls')).toBe('issue edit 9 --body-file body.md\n');
  });
});

describe('the permissions of the workflow', () => {
  it('are the least: code runs where nothing can be written', () => {
    expect(workflow.permissions).toEqual({});
    expect(compare.permissions).toEqual({ contents: 'read' });
    expect(issue.permissions).toEqual({ issues: 'write' });
    expect(issue.steps).toHaveLength(1);
  });
});
