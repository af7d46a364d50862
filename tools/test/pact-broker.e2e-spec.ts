import { describe, expect, it } from '@jest/globals';
import { command, git, lines, repository, TOKEN } from './broker-harness.ts';

const TO = ['--to', 'production'];

describe('npm run pact:can-i-deploy', () => {
  it.each([
    [true, 0],
    [false, 1],
  ])(
    'queries bookings-api and the fake at this commit; deployable %s exits with %i',
    async (deployable, code) => {
      const commit = repository();
      const result = await command('can-i-deploy', ['--to', 'production'], { deployable });
      const [query] = result.broker.sent('GET', '/matrix');
      expect([result.code, result.stdout + result.stderr]).toEqual([
        code,
        expect.stringContaining('so it is'),
      ]);
      expect(query?.path).toContain(
        `?q[][pacticipant]=bookings-api&q[][version]=${commit}&q[][pacticipant]=microsoft-graph&q[][version]=fake-${commit}&`,
      );
      expect(query?.path).toContain('environment=production');
      expect(result.stdout + result.stderr).not.toContain(TOKEN);
    },
  );
});

describe('npm run pact:can-i-deploy -- --of', () => {
  it.each([
    ['bookings-client', ''],
    ['microsoft-graph', 'fake-'],
  ])('%s queries this pacticipant alone', async (of, prefix) => {
    const commit = repository();
    const { code, broker: to } = await command('can-i-deploy', [...TO, '--of', of]);
    const [query] = to.sent('GET', '/matrix');
    expect([code, query?.path]).toEqual([
      0,
      `/matrix?q[][pacticipant]=${of}&q[][version]=${prefix}${commit}&latestby=cvpv&environment=production`,
    ]);
  });
});

describe('npm run pact:record-deployment', () => {
  const RECORDED: [of: readonly string[], name: string, prefix: string, what: string][] = [
    [[], 'bookings-api', '', 'deployed-versions'],
    [['--of', 'bookings-client'], 'bookings-client', '', 'released-versions'],
    [['--of', 'microsoft-graph'], 'microsoft-graph', 'fake-', 'deployed-versions'],
  ];

  it.each(RECORDED)('with %j asks can-i-deploy and records %s', async (of, name, prefix, what) => {
    const commit = repository();
    const { code, broker: to } = await command('record-deployment', [...TO, ...of]);
    const asked = to.sent('GET', '/matrix').map(({ path }) => path.includes(`=${name}&`));
    const recorded = to.sent('POST', '/').map(({ path }) => path);
    const version = `/pacticipants/${name}/versions/${prefix}${commit}`;
    expect([code, asked, recorded]).toEqual([0, [true], [`${version}/${what}/environment/1`]]);
  });

  it.each(RECORDED)('with %j records nothing if can-i-deploy says no', async (of, name) => {
    repository();
    const ended = await command('record-deployment', [...TO, ...of], { deployable: false });
    expect([ended.code, ended.broker.sent('POST', '/')]).toEqual([1, []]);
    expect(lines(ended.stderr)).toEqual([
      expect.stringMatching(`^${name} is not recorded, .* production: mend .* or add --force`),
    ]);
  });

  it.each(RECORDED)('with %j and --force records %s unasked', async (of, _name, _prefix, what) => {
    repository();
    const args = [...TO, ...of, '--force'];
    const {
      code,
      stdout,
      broker: to,
    } = await command('record-deployment', args, {
      deployable: false,
    });
    expect([code, to.sent('GET', '/matrix'), to.sent('POST', '/')]).toEqual([
      0,
      [],
      [expect.objectContaining({ path: expect.stringContaining(what) })],
    ]);
    expect(stdout).toContain('can-i-deploy is not asked');
  });
});

describe('npm run pact:record-end', () => {
  const FROM = ['--from', 'production'];
  const CLIENT = ['--of', 'bookings-client'];

  it.each<[readonly string[], string, string, object]>([
    [[], 'bookings-api', 'deployed', { currentlyDeployed: false }],
    [['--of', 'microsoft-graph'], 'microsoft-graph', 'deployed', { currentlyDeployed: false }],
    [CLIENT, 'bookings-client', 'released', { currentlySupported: false }],
  ])('with %j ends the use of %s', async (of, name, kind, change) => {
    const commit = repository();
    const { code, broker: to } = await command('record-end', [...FROM, ...of]);
    const [query] = to.sent('GET', '/environments/').slice(-1);
    expect([code, query?.path]).toEqual([
      0,
      expect.stringContaining(`/${kind}-versions/currently`),
    ]);
    const changes = to.sent('PATCH', '/').map(({ path, body }) => [path, body]);
    const version = kind === 'released' ? commit : 'deployed';
    expect(changes).toEqual([[`/in-use/${name}/${version}`, change]]);
  });

  it('ends only the release of the named commit', async () => {
    const first = repository();
    git('tag', 'v1');
    git('commit', '--quiet', '--allow-empty', '--message', 'test: later');
    for (const version of ['v1', first, first.slice(0, 12)]) {
      const args = [...FROM, ...CLIENT, '--version', version];
      const { stdout, broker: to } = await command('record-end', args);
      expect(to.sent('GET', '/environments/').at(-1)?.path).toMatch(`&version=${first}`);
      expect(stdout).toBe(`Ended the release of bookings-client in production: ${first}.\n`);
      await to.close();
    }
  });

  it.each([
    ['that is unknown to git', 'v9', /^git knows no commit v9 here: use the whole id/],
    ['that was not released', '0'.repeat(40), /^no release of bookings-client 0{40} is recorded/],
  ])('reports a version %s in one line', async (_title, version, expected) => {
    repository();
    const args = [...FROM, ...CLIENT, '--version', version];
    const { code, stderr } = await command('record-end', args, { inUse: false });
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
  });
});

describe('a command with wrong arguments', () => {
  it.each([
    ['publish', ['--to', 'production']],
    ['can-i-deploy', []],
    ['can-i-deploy', ['--to', '']],
    ['can-i-deploy', ['--to', 'production', '--of', 'unknown']],
    ['can-i-deploy', ['--to', 'production', '--force']],
    ['record-end', []],
    ['record-end', ['--from', 'production', '--version', 'v1']],
    ['can-i-deploy', ['--environment', 'production']],
    ['record-deployment', []],
    ['record-deployment', ['--to', 'production', '--of', 'unknown']],
  ])('%s %j prints its usage', async (script, args) => {
    repository();
    const { code, stderr, broker: to } = await command(script, args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/\nUsage: npm run pact:/)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(to.arrived).toEqual([]);
  });
});
