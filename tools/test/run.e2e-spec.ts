import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import { killAfterTest } from './child-processes.ts';
import { ROOT } from './command.ts';

const LOCK = '{}';
const FILES = [
  'run.mjs',
  'find-node.mjs',
  'ensure-install.mjs',
  'postinstall.mjs',
  'local.mjs',
  'local-ports.mjs',
];
const STAMP = 'node_modules/.installed-lock';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
  for (const file of FILES) {
    cpSync(join(ROOT, 'tools', file), join(folder, 'tools', file));
  }
  writeFileSync(join(folder, 'package-lock.json'), LOCK);
  writeFileSync(join(folder, 'program.mjs'), 'console.log(process.versions.node, process.argv[2])');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function noteInstallation(): void {
  mkdirSync(join(folder, 'node_modules'));
  const digest = createHash('sha256').update(LOCK).digest('hex');
  writeFileSync(join(folder, STAMP), digest);
}

/** Runs the program. `system` overrides what Node says about the system. */
function runProgram(system: { version?: string; platform?: string; glibc?: string | null } = {}) {
  const { version = process.versions.node, platform = process.platform, glibc } = system;
  const preload = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
    Object.defineProperty(process, 'platform', { value: '${platform}' });
    ${glibc === undefined ? '' : `process.report.getReport = () => ({ header: { glibcVersionRuntime: ${glibc ?? 'undefined'} } });`}`;
  const args = [
    `--import=data:text/javascript,${encodeURIComponent(preload)}`,
    ...['tools/run.mjs', 'program.mjs', 'x'],
  ];
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    // An npm that fails at once, so that nothing is installed.
    const env = { PATH: '/nowhere' };
    execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

describe('tools/run.mjs', () => {
  it("uses the user's own Node where npm brought none", async () => {
    noteInstallation();
    expect(await runProgram()).toEqual({
      code: 0,
      stdout: `${process.versions.node} x\n`,
      stderr: '',
    });
  });

  it.each([
    { version: '22.1.0', platform: 'darwin' },
    { version: '20.0.0', platform: 'win32' },
    { version: '20.0.0', platform: 'linux', glibc: null },
  ])('says in one line, before it installs, that no Node fits: %j', async (system) => {
    const { code, stdout, stderr } = await runProgram(system);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      new RegExp(`^Node 24 or later is needed, and this is Node ${system.version}\\.[^\\n]*\\n$`),
    );
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
  });

  it.each([
    ['has an exit code of its own', "process.on('SIGTERM', () => process.exit(7));", 7],
    ['stops in order', "process.on('SIGTERM', () => process.exit(0));", 0],
    ['does not', '', 143],
  ])('ends as a program that is stopped, which %s', async (_title, onSignal, expected) => {
    noteInstallation();
    const program = `${onSignal} setInterval(() => {}, 1000); console.log('runs');`;
    writeFileSync(join(folder, 'program.mjs'), program);
    const child = spawn(process.execPath, ['tools/run.mjs', 'program.mjs'], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    killAfterTest(child);
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await exit).toEqual([expected, null]);
  });

  it('stops what a program leaves behind when it ends', async () => {
    noteInstallation();
    const orphan = `setInterval(() => {}, 1000); console.log(process.pid);`;
    writeFileSync(join(folder, 'orphan.mjs'), orphan);
    const program = `import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['orphan.mjs'], { stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', (pid) => process.stdout.write(pid, () => process.exit(3)));`;
    writeFileSync(join(folder, 'program.mjs'), program);
    const { code, stdout } = await runProgram();
    expect(code).toBe(3);
    const pid = Number(stdout);
    expect(pid).toBeGreaterThan(0);
    while (isRunning(pid)) await sleep(20);
  });

  it('passes on that the installation failed', async () => {
    const { code, stderr } = await runProgram();
    expect(code).toBe(1);
    expect(stderr).toContain('npm could not be started');
    expect(stderr).toContain('npm ci failed');
  });
});

describe('an installation', () => {
  const node = (script: string, env: Record<string, string>) =>
    execFileSync(process.execPath, [script], { cwd: folder, env, stdio: 'ignore' });

  it.each([{}, { NODE_ENV: 'production' }, { npm_config_omit: 'dev' }])(
    'for a command has the tools and Node 24: %j',
    (env) => {
      const npm = join(folder, 'npm');
      writeFileSync(npm, '#!/bin/sh\necho "$@" > asked; /bin/mkdir -p node_modules\n');
      chmodSync(npm, 0o755);
      node('tools/ensure-install.mjs', { PATH: folder, ...env });
      expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(
        'ci --include=dev --include=optional --no-audit --no-fund\n',
      );
      expect(existsSync(join(folder, STAMP))).toBe(true);
    },
  );

  it.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ npm_config_omit: '' }, true],
    [{ NODE_ENV: 'development' }, true],
    [{ npm_config_omit: 'dev' }, false],
    [{ npm_config_omit: 'optional' }, false],
    [{ NODE_ENV: 'production' }, false],
  ])('by hand with %j counts as complete: %s', (env, complete) => {
    noteInstallation();
    node('tools/postinstall.mjs', env);
    expect(existsSync(join(folder, STAMP))).toBe(complete);
  });

  it('by hand is noted where none was', () => {
    mkdirSync(join(folder, 'node_modules'));
    node('tools/postinstall.mjs', {});
    expect(existsSync(join(folder, STAMP))).toBe(true);
  });
});

describe.each(['start', 'dev'] as const)('npm run %s', (name) => {
  const [, ...args] = manifest.scripts[name].split(' ');
  const start = (env: Record<string, string>, given: readonly string[] = []) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [...args, ...given],
        { cwd: folder, env: { PATH: '/nowhere', ...env } },
        (error, stdout, stderr) => {
          resolve({ code: error?.code ?? 0, stdout, stderr });
        },
      );
    });

  it.each<[Record<string, string>, string]>([
    [{ PORT: 'abc' }, 'PORT must be a port, a whole number from 0 to 65535, not "abc"'],
    [{ PORT: '' }, 'PORT must be a port, a whole number from 0 to 65535, not ""'],
    [
      { GRAPH_FAKE_PORT: '65536' },
      'GRAPH_FAKE_PORT must be a port, a whole number from 0 to 65535, not "65536"',
    ],
    [{ PORT: '4010' }, 'PORT and GRAPH_FAKE_PORT must differ, and both are 4010'],
  ])('refuses %j in one line, before it installs or builds', async (env, line) => {
    expect(await start(env)).toEqual({ code: 1, stdout: '', stderr: `${line}\n` });
  });

  it('refuses an argument that it does not have, with its usage', async () => {
    const { code, stdout, stderr } = await start({}, ['--port', '3001']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^There is no argument --port\.\nUsage: npm /);
  });

  it('goes on to the installation with free ports of 0', async () => {
    const { stderr } = await start({ PORT: '0', GRAPH_FAKE_PORT: '0' });
    expect(stderr).toContain('npm could not be started');
  });
});
