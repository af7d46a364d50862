import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BrokerModel } from './broker-model.ts';
import { type Ended, ROOT, run } from './command.ts';
import { modelAnswers } from './model-answers.ts';
import { RecordingBroker } from './recording-broker.ts';
import { PACT_FILE, smallPact } from './small-pacts.ts';
import { hrefOf } from '../pact/hal.ts';

const { PACT_BROKER_E2E_URL: realUrl, PACT_BROKER_E2E_PASSWORD = '' } = process.env;
const { PACT_BROKER_E2E_HOST: host = '127.0.0.1' } = process.env;
if (realUrl === undefined) {
  process.stderr.write(
    'The flow of the broker runs against a model: PACT_BROKER_E2E_URL names no real one.\n',
  );
}

const TO = ['--to', 'production'];
const OF_CLIENT = ['--of', 'bookings-client'];

let folder: string;
let model: RecordingBroker | undefined;
let receiver: Server;
let env: Record<string, string>;
const received: unknown[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flow-'));
  mkdirSync(join(folder, 'pacts'));
  git('init', '--quiet', '--initial-branch', 'main');
  if (realUrl === undefined) {
    model = await RecordingBroker.start({ answers: modelAnswers(new BrokerModel()) });
  }
  const user = { PACT_BROKER_USERNAME: 'bookings', PACT_BROKER_PASSWORD: PACT_BROKER_E2E_PASSWORD };
  env = {
    PACT_BROKER_BASE_URL: realUrl ?? model?.url ?? '',
    ...(PACT_BROKER_E2E_PASSWORD !== '' && user),
  };
  receiver = createServer((request, response) => {
    void json(request).then((body) => {
      received.push(body);
      response.end();
      receiver.emit('webhook');
    });
  }).listen(0, realUrl === undefined ? host : undefined);
  await once(receiver, 'listening');
});
afterAll(async () => {
  receiver.close();
  receiver.closeAllConnections();
  await model?.close();
  rmSync(folder, { recursive: true });
});

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@y'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

/** Commits both pacts, of one interaction each, with these statuses. @returns the commit */
function commit(client: number, graph: number): string {
  for (const [provider, status] of [
    ['bookings-api', client] as const,
    ['microsoft-graph', graph] as const,
  ]) {
    writeFileSync(
      join(folder, PACT_FILE[provider]),
      smallPact(provider, 'for a missing customer', status),
    );
  }
  git('add', '.');
  git('commit', '--quiet', '--allow-empty', '--message', 'test: pacts');
  return git('rev-parse', 'HEAD');
}

const pact = (script: string, args: readonly string[] = [], more = {}): Promise<Ended> =>
  run(`pact/${script}.ts`, args, { ...env, CI: 'true', ...more }, folder);

/** The exit codes of commands, one after the other. */
async function codes(
  ...commands: readonly (readonly [string, (readonly string[])?])[]
): Promise<unknown[]> {
  const ended: unknown[] = [];
  for (const [script, args] of commands) ended.push((await pact(script, args)).code);
  return ended;
}

/** Publishes a result as a provider does. */
async function publishResult(version: string, success: boolean): Promise<void> {
  const { PACT_BROKER_BASE_URL: url = '' } = env;
  const authorization = `Basic ${btoa(`bookings:${PACT_BROKER_E2E_PASSWORD}`)}`;
  const headers = { authorization, 'Content-Type': 'application/json' };
  const address = `${url}/pacts/provider/bookings-api/consumer/bookings-client/version/${version}`;
  const content: unknown = await (await fetch(address, { headers })).json();
  const response = await fetch(hrefOf(content, 'pb:publish-verification-results') ?? '', {
    method: 'POST',
    headers,
    body: JSON.stringify({ success, providerApplicationVersion: version }),
  });
  expect(response.ok).toBe(true);
}

// One story: each test goes on where the one before has ended.
describe('the flow of the broker', () => {
  it('has a yes for the first deployment and the first release', async () => {
    commit(404, 404);
    await expect(
      codes(
        ['publish'],
        ['can-i-deploy', [...TO, ...OF_CLIENT]],
        ['verify'],
        ['can-i-deploy', TO],
        ['record-deployment', TO],
        ['record-deployment', [...TO, '--of', 'microsoft-graph']],
        ['can-i-deploy', [...TO, ...OF_CLIENT]],
        ['record-deployment', [...TO, ...OF_CLIENT]],
      ),
    ).resolves.toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('has a no for a broken client, which does not block the API', async () => {
    commit(410, 404);
    await expect(codes(['publish'])).resolves.toEqual([0]);
    const { code, stdout } = await pact('verify');
    expect([code, stdout]).toEqual([0, expect.stringContaining('(pending: no failure yet)')]);
    await expect(
      codes(
        ['can-i-deploy', [...TO, ...OF_CLIENT]],
        ['record-deployment', [...TO, ...OF_CLIENT]],
        ['can-i-deploy', TO],
        ['record-deployment', TO],
        ['record-deployment', [...TO, '--of', 'microsoft-graph']],
      ),
    ).resolves.toEqual([1, 1, 0, 0, 0]);
  });

  it('has a no for the API while a broken client is released, until that has ended', async () => {
    await expect(
      codes(
        ['record-deployment', [...TO, ...OF_CLIENT, '--force']],
        ['can-i-deploy', TO],
        ['record-end', ['--from', 'production', ...OF_CLIENT]],
        ['can-i-deploy', TO],
      ),
    ).resolves.toEqual([0, 1, 0, 0]);
  });

  it('has a no for a broken API', async () => {
    const version = commit(404, 404);
    await expect(codes(['publish'], ['verify'], ['can-i-deploy', TO])).resolves.toEqual([0, 0, 0]);
    await publishResult(version, false);
    await expect(codes(['can-i-deploy', TO], ['record-deployment', TO])).resolves.toEqual([1, 1]);
  });

  it('verifies work in progress, which fails nothing', async () => {
    git('checkout', '--quiet', '-b', 'feature/a');
    commit(411, 404);
    await expect(codes(['publish'])).resolves.toEqual([0]);
    git('checkout', '--quiet', 'main');
    commit(404, 404);
    const { code, stdout } = await pact('verify');
    expect([code, stdout]).toEqual([0, expect.stringContaining('(pending: no failure yet)')]);
  });

  it('calls the webhook of a provider, whose job verifies the one pact', async () => {
    const address = receiver.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const data = {
      PACT_URL: '${pactbroker.pactUrl}',
      commit: '${pactbroker.providerVersionNumber}',
      PACT_BRANCH: '${pactbroker.providerVersionBranch}',
    };
    await promisify(execFile)(
      join(ROOT, 'node_modules/.bin/pact-broker'),
      [
        ...['create-webhook', `http://${host}:${port}/`, '--request', 'POST'],
        ...['--contract-requiring-verification-published', '--provider', 'microsoft-graph'],
        ...['--header', 'Content-Type: application/json', '--data', JSON.stringify(data)],
      ],
      { env: { ...process.env, ...env } },
    );
    const called = once(receiver, 'webhook');
    commit(404, 410);
    await expect(codes(['publish'])).resolves.toEqual([0]);
    await called;
    const [body] = received;
    expect(body).toEqual({
      PACT_URL: expect.stringContaining('/pacts/provider/microsoft-graph/'),
      commit: expect.stringMatching(/^fake-[0-9a-f]{40}$/),
      PACT_BRANCH: 'main',
    });
    const PACT_URL = String(Reflect.get(Object(body), 'PACT_URL'));
    const { code, stdout } = await pact('verify', [], { PACT_URL });
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(
        /^microsoft-graph .* 1 interaction of 1 pact failed; results published/m,
      ),
    ]);
  });
});
