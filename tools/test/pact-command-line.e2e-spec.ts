import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { killAfterTest } from './child-processes.ts';
import { type Ended, ROOT, run } from './command.ts';
import { RecordingBroker } from './recording-broker.ts';

const TOKEN = 'a-secret-token';
const PASSWORD = 'a-secret-password';
const BASIC = Buffer.from(`ci:${PASSWORD}`).toString('base64');

let folder: string;
let broker: RecordingBroker | undefined;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pacts-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: folder });
  git('init', '--quiet', '--initial-branch', 'main');
  git('commit', '--quiet', '--allow-empty', '--message', 'test: nothing');
});
afterEach(async () => {
  await broker?.close();
  broker = undefined;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** Asks the broker without the token. */
const ASK =
  'fetch(process.env.PACT_BROKER_BASE_URL).then((r) => console.log("stranger:", r.status))';

/** Replaces Pact's command line and prints its arguments and environment on both outputs. */
async function withStandIn(env: Readonly<Record<string, string>>): Promise<Ended> {
  const script = `#!/bin/sh\necho "arguments: $*"\nenv\necho "Basic ${BASIC}"\nenv >&2\nnode -e '${ASK}'\nexit 3\n`;
  writeFileSync(join(folder, 'pact-broker'), script, { mode: 0o755 });
  broker = await RecordingBroker.start();
  const { PATH = '' } = process.env;
  const settings = { PATH: `${folder}:${PATH}`, PACT_BROKER_BASE_URL: broker.url, ...env };
  return run('pact/can-i-deploy.ts', ['--to', 'production'], settings, folder);
}

describe("the call of Pact's command line", () => {
  it('has neither the secrets nor the address, but those of a relay', async () => {
    const { stdout } = await withStandIn({
      PACT_BROKER_TOKEN: TOKEN,
      PACT_BROKER_USERNAME: '',
      PACT_BROKER_CAN_I_DEPLOY_DRY_RUN: 'true',
      PACT_DO_NOT_TRACK: 'false',
    });
    const [command = '', ...environment] = stdout.split('\n');
    expect(command).toMatch(/^arguments: can-i-deploy .*--retries 1$/);
    expect(command).not.toMatch(/\*\*\*|token/);
    const pact = environment.filter((line) => line.startsWith('PACT_')).sort();
    expect(pact).toEqual([
      // The address of the relay is printed as that of the broker.
      `PACT_BROKER_BASE_URL=${broker?.url ?? ''}`,
      expect.stringMatching(/^PACT_BROKER_TOKEN=[0-9a-f-]{36}$/),
      'PACT_DO_NOT_TRACK=true',
    ]);
  });

  it('is the only one whom the relay serves', async () => {
    const { stdout } = await withStandIn({ PACT_BROKER_TOKEN: TOKEN });
    expect(stdout).toContain('stranger: 401\n');
  });

  it('prints the output without secrets, and fails with it', async () => {
    const { code, stdout, stderr } = await withStandIn({
      PACT_BROKER_USERNAME: 'ci',
      PACT_BROKER_PASSWORD: PASSWORD,
    });
    expect(code).toBe(1);
    expect([stdout, stderr].join()).not.toMatch(new RegExp(`${PASSWORD}|${BASIC}`));
    expect(stdout).toContain('Basic ***');
    expect(stderr).toContain('PACT_BROKER_TOKEN=');
  });
});

describe("Pact's command line", () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with the command on %s', async (signal) => {
    const requested = Promise.withResolvers<{ readonly closed: Promise<unknown> }>();
    server = createServer((request) => {
      requested.resolve({ closed: once(request.socket, 'close') });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    // Stands for Pact's command line. Its connection shows how long it runs.
    const script = `#!/bin/sh\nexec node -e 'fetch("http://127.0.0.1:${port}")'\n`;
    writeFileSync(join(folder, 'pact-broker'), script, { mode: 0o755 });
    broker = await RecordingBroker.start();
    const { PATH = '' } = process.env;
    const child = spawn(
      process.execPath,
      [join(ROOT, 'tools/pact/can-i-deploy.ts'), '--to', 'production'],
      {
        cwd: folder,
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          PATH: `${folder}:${join(ROOT, 'node_modules/.bin')}:${PATH}`,
          PACT_BROKER_BASE_URL: broker.url,
        },
      },
    );
    killAfterTest(child);
    const stderr = text(child.stderr);
    const exit = once(child, 'exit');
    void exit.then(() => {
      requested.reject(new Error('The command ended before its request.'));
    });
    const { closed } = await requested.promise;
    child.kill(signal);
    expect(await exit).toEqual([signal === 'SIGINT' ? 130 : 143, null]);
    await closed;
    expect(await stderr).toBe('');
  });
});
