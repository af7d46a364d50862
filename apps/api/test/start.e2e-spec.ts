import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { proxyEnvironment } from '@bookings/graph-fake';
import { SETTINGS } from '../src/config/settings.ts';
import { MAIN, ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const launcher = useProxyProcess();

const withArguments = (...args: string[]) =>
  ({ command: [process.execPath, MAIN, ...args] }) as const;

/** Runs the process with these arguments, and settings that are right but for `env`. */
async function run(args: readonly string[], env: Record<string, string> = {}) {
  const proxy = launcher.spawn(env, withArguments(...args));
  const [code] = await proxy.exit;
  return { code, stdout: proxy.stdout, stderr: proxy.stderr };
}

describe('the arguments of the process', () => {
  it('--help prints every setting, whatever the settings are', async () => {
    const proxy = new ProxyProcess('', {}, withArguments('--help'));
    expect(await proxy.exit).toEqual([0, null]);
    expect(proxy.stderr).toBe('');
    for (const { key } of SETTINGS) expect(proxy.stdout).toContain(`\n  ${key} (`);
  });

  it('--check accepts right settings and starts nothing', async () => {
    const port = new URL(launcher.fake.url).port;
    // The port is taken, so that a process that listened would fail.
    expect(await run(['--check'], { PORT: port })).toEqual({
      code: 0,
      stdout: 'settings: ok\n',
      stderr: '',
    });
    expect(launcher.fake.requests()).toMatchObject({ tokenRequests: 0, keySetRequests: 0 });
  });

  it('--check names every wrong setting and exits with 78', async () => {
    const { code, stdout, stderr } = await run(['--check'], { PORT: 'many', DOCS: 'no' });
    expect([code, stdout]).toEqual([78, '']);
    expect(stderr).toMatch(/2 fault\(s\):\n {2}PORT .+\n {2}DOCS /);
  });

  it.each([['--chekc'], ['serve'], ['--online']])('%s is refused in one line', async (argument) => {
    const { code, stdout, stderr } = await run([argument]);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^.+\. --help lists the arguments\.\n$/);
  });
});

describe('a file or folder that a setting names', () => {
  // Root may write everywhere and read everything.
  const isRoot = process.getuid?.() === 0;
  const other = isRoot ? { uid: 65_534, gid: 65_534 } : {};

  /** Runs the process as a user who is not root. @returns the faults */
  async function faultsOf(env: Record<string, string>): Promise<string[]> {
    const proxy = launcher.spawn(env, { ...other, cwd: '/' });
    expect(await proxy.exit).toEqual([78, null]);
    const [, ...lines] = proxy.stderr.trim().split('\n');
    return lines.map((line) => line.trim().split('; expected: ')[0] ?? '');
  }

  const folder = temporaryFolder();
  const closed = join(folder, 'closed');
  const secret = join(folder, 'secret');
  const writable = join(folder, 'writable');
  chmodSync(folder, 0o755);
  mkdirSync(closed, { mode: 0o555 });
  mkdirSync(writable);
  chmodSync(writable, 0o777);
  writeFileSync(secret, '{"callers":[]}', { mode: 0o000 });
  const usable = { STATE_URL: `sqlite:${writable}/state.db` };

  it('is a fault at start where STATE_URL cannot be written', async () => {
    const STATE_URL = `sqlite:${closed}/state.db`;
    expect(await faultsOf({ STATE_URL })).toEqual([
      'STATE_URL is in a folder that is not writable',
    ]);
  });

  it('is a fault at start where the folder of STATE_URL cannot be made', async () => {
    const STATE_URL = `sqlite:${closed}/a/b/state.db`;
    expect(await faultsOf({ STATE_URL })).toEqual([
      'STATE_URL is in a folder that is not writable',
    ]);
  });

  it('is a fault at start, each in words of its own', async () => {
    const env = { ...usable, AUDIT_FILE: `${closed}/audit.jsonl`, BUSINESS_ACCESS_FILE: secret };
    const workload = { GRAPH_CREDENTIAL: 'workload-identity', AZURE_FEDERATED_TOKEN_FILE: secret };
    expect(await faultsOf({ ...env, ...workload })).toEqual([
      'BUSINESS_ACCESS_FILE names a file that this process may not read',
      'AZURE_FEDERATED_TOKEN_FILE names a file that this process may not read',
      'AUDIT_FILE is in a folder that is not writable',
    ]);
    const certificate = {
      GRAPH_CREDENTIAL: 'client-certificate',
      AZURE_CLIENT_CERTIFICATE_PATH: secret,
    };
    expect(await faultsOf({ ...usable, ...certificate })).toEqual([
      'AZURE_CLIENT_CERTIFICATE_PATH names a file that this process may not read',
    ]);
  });

  it('is named in the log when it is gone while the process runs', async () => {
    const tokenFile = join(writable, 'token');
    writeFileSync(tokenFile, '');
    const proxy = await launcher.start({
      ...proxyEnvironment(launcher.fake),
      GRAPH_CREDENTIAL: 'workload-identity',
      AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    });
    let { status, error } = await proxy.get('/readyz');
    // The first probe of a busy machine may take too long.
    while (String(error['message']).includes('in time')) {
      ({ status, error } = await proxy.get('/readyz'));
    }
    expect(status).toBe(503);
    expect(error['message']).toContain('the file of the federated token is empty');
    await proxy.stop();
    expect(proxy.stdout).toContain('token endpoint: the file of the federated token is empty');
  });
});
