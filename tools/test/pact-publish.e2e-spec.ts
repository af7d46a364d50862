import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { command, folder, git, lines, repository, TOKEN } from './broker-harness.ts';
import type { RecordingBroker } from './recording-broker.ts';

const FILES = ['bookings-api-microsoft-graph.json', 'bookings-client-bookings-api.json'];

/** The published pacts by file name. */
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
    expect(stdout).toContain('sent with Bearer ***');
    expect(stdout).not.toContain(TOKEN);
  });

  it('sets the main branch of all pacticipants', async () => {
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

  it('publishes to the configured broker even if its links have another host', async () => {
    repository();
    const { code, broker: to } = await command('publish', [], {
      calls: 'https://pacts.contoso.com',
    });
    expect([code, [...published(to).keys()].sort()]).toEqual([0, FILES]);
  });

  it('publishes with a warning if it may not set the main branches', async () => {
    repository();
    const { code, stderr, broker: to } = await command('publish', [], { administered: false });
    expect([code, [...published(to).keys()].sort()]).toEqual([0, FILES]);
    expect(stderr).toContain('The main branch of bookings-api could not be set at the broker.');
  });

  it('sends a user and a password, and does not print the password, encoded or not', async () => {
    repository();
    const env = { PACT_BROKER_USERNAME: 'ci', PACT_BROKER_PASSWORD: TOKEN };
    const { code, stdout, stderr, broker: to } = await command('publish', [], {}, env);
    const basic = Buffer.from(`ci:${TOKEN}`).toString('base64');
    const sent = new Set(to.arrived.map(({ authorization }) => authorization));
    expect([code, sent]).toEqual([0, new Set([`Basic ${basic}`])]);
    expect(stdout + stderr).not.toMatch(new RegExp(`${TOKEN}|${basic}`));
  });

  it('uses PACT_BRANCH if no branch is checked out', async () => {
    repository();
    git('checkout', '--quiet', '--detach');
    const withoutBranch = await command('publish');
    expect([withoutBranch.code, lines(withoutBranch.stderr)]).toEqual([
      1,
      [expect.stringContaining('PACT_BRANCH')],
    ]);
    await withoutBranch.broker.close();
    const env = { PACT_BROKER_TOKEN: TOKEN, PACT_BRANCH: 'release/1' };
    const result = await command('publish', [], {}, env);
    const branches = [...published(result.broker).values()].map(({ version }) => list(version)[1]);
    expect([result.code, branches]).toEqual([0, ['release/1', 'release/1']]);
  });

  it('fails if the broker refuses the pacts', async () => {
    repository();
    const { code, stdout, stderr } = await command('publish', [], { publishStatus: 409 });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/refused .+ \(HTTP 409\)\nsent with Bearer \*\*\*\n$/);
  });

  it.each<[string, () => void, RegExp]>([
    ['no repository', () => undefined, /git is needed/],
    ['no commit', () => git('init', '--quiet'), /no commit yet/],
    [
      'a pact that is not committed',
      () => {
        repository();
        writeFileSync(join(folder, 'pacts', FILES[0] ?? ''), ' ', { flag: 'a' });
      },
      /microsoft-graph\.json differs from the commit/,
    ],
    [
      'a pact that git ignores',
      () => {
        writeFileSync(join(folder, '.gitignore'), 'pacts/*graph.json\n');
        repository();
      },
      /microsoft-graph\.json differs from the commit/,
    ],
    [
      'a file that is no pact',
      () => {
        writeFileSync(join(folder, 'pacts', FILES[0] ?? ''), '{');
        repository();
      },
      /microsoft-graph\.json names no consumer and provider/,
    ],
    [
      'a pact missing',
      () => {
        repository();
        rmSync(join(folder, 'pacts', FILES[0] ?? ''));
      },
      /microsoft-graph\.json is missing/,
    ],
  ])(
    'with %s fails in one line without a request to the broker',
    async (_title, prepare, expected) => {
      prepare();
      const { code, stderr, broker: to } = await command('publish');
      expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
      expect(to.arrived).toEqual([]);
    },
  );
});
