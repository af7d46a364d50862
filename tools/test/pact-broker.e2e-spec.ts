import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Ended, ROOT, run } from './command.ts';
import { type BrokerBehaviour, RecordingBroker } from './recording-broker.ts';

const FILES = ['bookings-api-microsoft-graph.json', 'bookings-client-bookings-api.json'];
const TOKEN = 'a-token-that-nobody-may-see';

let folder: string;
let broker: RecordingBroker | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pacts-'));
  cpSync(join(ROOT, 'pacts'), join(folder, 'pacts'), { recursive: true });
});
afterEach(async () => {
  await broker?.close();
  broker = undefined;
  rmSync(folder, { recursive: true });
});

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  }).trim();

/** A repository with the pacts in its only commit. */
function repository(branch = 'main'): string {
  git('init', '--quiet', '--initial-branch', branch);
  git('add', '.');
  git('commit', '--quiet', '--message', 'test: pacts');
  return git('rev-parse', 'HEAD');
}

/** Runs a command in the folder, against a broker that behaves so. */
async function command(
  script: string,
  args: readonly string[] = [],
  behaviour: BrokerBehaviour = {},
  env: Readonly<Record<string, string>> = { PACT_BROKER_TOKEN: TOKEN },
): Promise<Ended & { readonly broker: RecordingBroker }> {
  broker = await RecordingBroker.start(behaviour);
  const settings = { PACT_BROKER_BASE_URL: broker.url, ...env };
  return { ...(await run(`pact/${script}.ts`, args, settings, folder)), broker };
}

/** The pacts in what was published, decoded, by file name. */
function published(
  to: RecordingBroker,
): Map<string, { readonly pact: string; readonly version: unknown }> {
  const bodies = to.sent('POST', '/contracts/publish').map(({ body }) => members(body));
  return new Map(
    bodies.flatMap((body) =>
      list(body.get('contracts')).map((each) => {
        const contract = members(each);
        const pact = Buffer.from(String(contract.get('content')), 'base64').toString();
        const name = `${String(contract.get('consumerName'))}-${String(contract.get('providerName'))}.json`;
        const version = [body.get('pacticipantVersionNumber'), body.get('branch')];
        return [name, { pact, version }] as const;
      }),
    ),
  );
}

const members = (value: unknown) => new Map<string, unknown>(Object.entries(value ?? {}));
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const lines = (text: string) => text.trim().split('\n');

describe('npm run pact:publish', () => {
  it.each(['main', 'feature/a'])('publishes both pacts as of the commit on %s', async (branch) => {
    const commit = repository(branch);
    const { code, stdout, stderr, broker: to } = await command('publish');
    expect([code, stderr]).toEqual([0, '']);
    const contracts = published(to);
    expect([...contracts.keys()].sort()).toEqual(FILES);
    for (const [file, { pact, version }] of contracts) {
      expect(pact).toBe(readFileSync(join(folder, 'pacts', file), 'utf8'));
      expect(version).toEqual([commit, branch]);
    }
    expect(new Set(to.arrived.map(({ authorization }) => authorization))).toEqual(
      new Set([`Bearer ${TOKEN}`]),
    );
    expect(stdout).toContain('as you wish, Bearer ***');
    expect(stdout).not.toContain(TOKEN);
  });

  it('makes the main branch of all three known', async () => {
    repository();
    const { broker: to } = await command('publish');
    const known = to.sent('PATCH', '/pacticipants/').map(({ body }) => body);
    expect(known).toEqual(
      ['bookings-client', 'bookings-api', 'microsoft-graph'].map((name) => ({
        name,
        mainBranch: 'main',
      })),
    );
  });

  it('publishes for whoever may not make it known, and says so', async () => {
    repository();
    const { code, stderr, broker: to } = await command('publish', [], { administered: false });
    expect([code, [...published(to).keys()].sort()]).toEqual([0, FILES]);
    expect(stderr).toContain('not told that main is the main branch of bookings-api.');
  });

  it('sends a user and a password, and prints neither the password nor its encoded form', async () => {
    repository();
    const env = { PACT_BROKER_USERNAME: 'ci', PACT_BROKER_PASSWORD: TOKEN };
    const { code, stdout, stderr, broker: to } = await command('publish', [], {}, env);
    const basic = Buffer.from(`ci:${TOKEN}`).toString('base64');
    expect([code, to.arrived.at(-1)?.authorization]).toEqual([0, `Basic ${basic}`]);
    expect(stdout + stderr).not.toMatch(new RegExp(`${TOKEN}|${basic}`));
  });

  it('works in a checkout without a branch when it is told which one', async () => {
    repository();
    git('checkout', '--quiet', '--detach');
    const untold = await command('publish');
    expect([untold.code, lines(untold.stderr)]).toEqual([
      1,
      [expect.stringContaining('PACT_BRANCH')],
    ]);
    await untold.broker.close();
    const env = { PACT_BROKER_TOKEN: TOKEN, PACT_BRANCH: 'release/1' };
    const told = await command('publish', [], {}, env);
    const branches = [...published(told.broker).values()].map(({ version }) => list(version)[1]);
    expect([told.code, branches]).toEqual([0, ['release/1', 'release/1']]);
  });

  it('fails when the broker does not take the pacts', async () => {
    repository();
    const { code, stdout, stderr } = await command('publish', [], { publishStatus: 409 });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('as you wish');
  });

  it.each<[string, () => void, RegExp]>([
    ['no repository', () => undefined, /git is needed/],
    ['no commit', () => git('init', '--quiet'), /no commit yet/],
    [
      'a pact that is not committed',
      () => {
        repository();
        writeFileSync(join(folder, 'pacts', FILES[0] ?? ''), '{}');
      },
      /pacts\/ differs from the commit/,
    ],
    [
      'a pact missing',
      () => {
        repository();
        rmSync(join(folder, 'pacts', FILES[0] ?? ''));
      },
      /microsoft-graph\.json is missing/,
    ],
  ])('with %s says so in one line and asks no broker', async (_title, prepare, expected) => {
    prepare();
    const { code, stderr, broker: to } = await command('publish');
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
    expect(to.arrived).toEqual([]);
  });
});

describe('npm run pact:can-i-deploy', () => {
  it.each([
    [true, 0],
    [false, 1],
  ])(
    'asks for bookings-api at this commit; deployable %s ends with %i',
    async (deployable, code) => {
      const commit = repository();
      const asked = await command('can-i-deploy', ['--to', 'production'], { deployable });
      const [query] = asked.broker.sent('GET', '/matrix');
      expect([asked.code, asked.stdout + asked.stderr]).toEqual([
        code,
        expect.stringContaining('so it is'),
      ]);
      expect(query?.path).toContain(`q[][pacticipant]=bookings-api&q[][version]=${commit}&`);
      expect(query?.path).toContain('environment=production');
      expect(asked.stdout + asked.stderr).not.toContain(TOKEN);
    },
  );
});

describe('npm run pact:record-deployment', () => {
  it.each([
    [[], 'bookings-api', '', 'deployed-versions'],
    [['--of', 'bookings-client'], 'bookings-client', '', 'released-versions'],
    [['--of', 'microsoft-graph'], 'microsoft-graph', 'fake-', 'deployed-versions'],
  ])('with %j records %s', async (of, pacticipant, prefix, what) => {
    const commit = repository();
    const { code, broker: to } = await command('record-deployment', ['--to', 'production', ...of]);
    const recorded = to.sent('POST', '/').map(({ path }) => path);
    const version = `/pacticipants/${pacticipant}/versions/${prefix}${commit}`;
    expect([code, recorded]).toEqual([0, [`${version}/${what}/environment/1`]]);
  });

  it('fails for an environment that the broker does not know', async () => {
    repository();
    const { code, stdout, stderr } = await command('record-deployment', ['--to', 'moon']);
    expect([code, stdout + stderr]).toEqual([1, expect.stringContaining('moon does not exist')]);
  });
});

describe('a command that was not written as it must be', () => {
  it.each([
    ['can-i-deploy', []],
    ['can-i-deploy', ['--to', '']],
    ['can-i-deploy', ['--to', 'production', '--of', 'bookings-client']],
    ['can-i-deploy', ['--environment', 'production']],
    ['record-deployment', []],
    ['record-deployment', ['--to', 'production', '--of', 'nobody']],
  ])('%s %j ends with its usage', async (script, args) => {
    repository();
    const { code, stderr, broker: to } = await command(script, args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/\nUsage: npm run pact:/)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(to.arrived).toEqual([]);
  });
});

describe('a broker that does not serve', () => {
  const BASE = 'PACT_BROKER_BASE_URL';
  it.each<[string, Record<string, string>, RegExp]>([
    ['is not named', { [BASE]: '' }, /^PACT_BROKER_BASE_URL must be/],
    ['is named badly', { [BASE]: 'pacts.contoso.com' }, /^PACT_BROKER_BASE_URL must be/],
    ['has a user in its address', { [BASE]: 'https://a:b@pacts.contoso.com' }, /must hold no user/],
    ['gets two credentials', { PACT_BROKER_USERNAME: 'ci' }, /excludes/],
    ['gets half a credential', { PACT_BROKER_TOKEN: '', PACT_BROKER_USERNAME: 'ci' }, /together/],
    [
      'has no such name',
      { [BASE]: 'http://broker.invalid' },
      /cannot be reached: .*broker\.invalid/,
    ],
  ])('because it %s is told in one line', async (_title, env, expected) => {
    repository();
    const given = { PACT_BROKER_TOKEN: TOKEN, ...env };
    const { code, stderr } = await command('publish', [], {}, given);
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
    expect(stderr).not.toContain(TOKEN);
  });

  it('because nobody listens is told in one line', async () => {
    repository();
    const closed = await RecordingBroker.start();
    await closed.close();
    const { code, stderr } = await run('pact/publish.ts', [], { [BASE]: closed.url }, folder);
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(/reached: .*ECONNREFUSED/)]]);
  });

  it('because it refuses the token is told in one line', async () => {
    repository();
    const { code, stderr } = await command('publish', [], { authorization: 'Bearer another' });
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(/refused the credentials/)]]);
  });

  it.each(['<html>', '{"links":[]}'])('because it answers %s is told in one line', async (body) => {
    repository();
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const env = { PACT_BROKER_BASE_URL: `http://127.0.0.1:${port}` };
    const { code, stderr } = await run('pact/publish.ts', [], env, folder);
    server.close();
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(/is no Pact broker/)]]);
  });

  it.each([
    ['never answers', () => true, /cannot be reached: it did not answer in time/],
    ['stops answering', (path: string) => path !== '/', /did not answer in time/],
  ])('because it %s is given up in time', async (_title, silent, expected) => {
    repository();
    const env = { PACT_BROKER_TIMEOUT_MS: '1500' };
    const { code, stderr } = await command('publish', [], { silent }, env);
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
  });
});
