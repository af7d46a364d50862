import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import { ROOT } from './command.ts';

/** The files that the scripts of package.json start, but for the checks. */
const started = Object.entries(manifest.scripts)
  .filter(([name]) => !/^(?:pre|post|start$|dev$|test$)/.test(name))
  .map(([, command]) => /(--conditions=\S+)? ?(?:--[\w-]+=\S+ )?(\S+\.ts)$/.exec(command))
  .flatMap((match) => (match ? [[match[2] ?? '', match[1] ?? ''] as const] : []));
/** Measurements, which are started by file, and what operators start from the builds. */
const OTHERS = [
  'tools/batch-memory.ts',
  'tools/trace-cost.ts',
  'tools/create-path.ts',
  'tools/bench/bench.ts',
  'tools/bench/soak.ts',
  'libs/graph-fake/dist/cli.js',
  'apps/api/dist/main.js',
  'apps/api/dist/keys.js',
  'apps/api/dist/mailboxes.js',
].map((file) => [file, ''] as const);

it('finds the commands', () => {
  expect(started.map(([file]) => file)).toContain('tools/token.ts');
  expect(started.length).toBeGreaterThan(6);
});

it.each([...started, ...OTHERS])(
  '%s --help prints how it is called, and exits with 0',
  async (file, option) => {
    const args = [option, file, '--help'].filter((arg) => arg !== '');
    // Ends with an error for another exit code. It has no settings, and would fail without --help.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    });
    expect(stdout).toMatch(/^usage: /i);
    expect(stderr).toBe('');
  },
);

it.each(['start', 'dev'])('npm run %s -- --help prints one usage, and ends', async (name) => {
  const env = { PATH: process.env['PATH'], PORT: 'abc' };
  const args = ['run', '-s', name, '--', '--help'];
  const { stdout, stderr } = await promisify(execFile)('npm', args, { cwd: ROOT, env });
  expect(stdout).toMatch(/^Usage: npm [^]*\nPORT \(3000\) [^\n]*\n$/);
  expect(stderr).toBe('');
});
