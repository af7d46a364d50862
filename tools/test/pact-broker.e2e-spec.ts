import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { command, folder, lines, repository, TOKEN } from './broker-harness.ts';
import { run } from './command.ts';
import { RecordingBroker } from './recording-broker.ts';

const TO = ['--to', 'production'];

describe('npm run pact:can-i-deploy', () => {
  it.each([
    [true, 0],
    [false, 1],
  ])(
    'queries bookings-api at this commit; deployable %s exits with %i',
    async (deployable, code) => {
      const commit = repository();
      const result = await command('can-i-deploy', ['--to', 'production'], { deployable });
      const [query] = result.broker.sent('GET', '/matrix');
      expect([result.code, result.stdout + result.stderr]).toEqual([
        code,
        expect.stringContaining('so it is'),
      ]);
      expect(query?.path).toContain(`q[][pacticipant]=bookings-api&q[][version]=${commit}&`);
      expect(query?.path).toContain('environment=production');
      expect(result.stdout + result.stderr).not.toContain(TOKEN);
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

  it('fails for an unknown environment', async () => {
    repository();
    const { code, stdout, stderr } = await command('record-deployment', ['--to', 'moon']);
    expect([code, stdout + stderr]).toEqual([1, expect.stringContaining('moon does not exist')]);
  });
});

describe('a command with wrong arguments', () => {
  it.each([
    ['publish', ['--to', 'production']],
    ['can-i-deploy', []],
    ['can-i-deploy', ['--to', '']],
    ['can-i-deploy', ['--to', 'production', '--of', 'bookings-client']],
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

describe('an unusable broker', () => {
  const BASE = 'PACT_BROKER_BASE_URL';
  it.each<[string, Record<string, string>, RegExp]>([
    ['has no address', { [BASE]: '' }, /^PACT_BROKER_BASE_URL must be/],
    ['has an invalid address', { [BASE]: 'pacts.contoso.com' }, /^PACT_BROKER_BASE_URL must be/],
    ['has a user in its address', { [BASE]: 'https://a:b@pacts.contoso.com' }, /must hold no user/],
    ['gets a token with a line break', { PACT_BROKER_TOKEN: `${TOKEN}\nx` }, /must be one word/],
    ['gets two kinds of credentials', { PACT_BROKER_USERNAME: 'ci' }, /excludes/],
    [
      'gets a user without a password',
      { PACT_BROKER_TOKEN: '', PACT_BROKER_USERNAME: 'ci' },
      /together/,
    ],
    [
      'has an unknown host name',
      { [BASE]: 'http://broker.invalid' },
      /cannot be reached: .*broker\.invalid/,
    ],
  ])('that %s is reported in one line', async (_title, env, expected) => {
    repository();
    const given = { PACT_BROKER_TOKEN: TOKEN, ...env };
    const { code, stderr } = await command('publish', [], {}, given);
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
    expect(stderr).not.toContain(TOKEN);
  });

  it('that refuses the connection is reported in one line', async () => {
    repository();
    const closed = await RecordingBroker.start();
    await closed.close();
    const { code, stderr } = await run('pact/publish.ts', [], { [BASE]: closed.url }, folder);
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(/reached: .*ECONNREFUSED/)]]);
  });

  it('that refuses the token is reported in one line', async () => {
    repository();
    const { code, stderr } = await command('publish', [], { authorization: 'Bearer another' });
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(/refused the credentials/)]]);
  });

  it.each([
    [200, '<html>', /is no Pact broker/],
    [200, '{"links":[]}', /is no Pact broker/],
    [403, '{}', /refused the credentials/],
    [503, '<html>', /fails \(HTTP 503\)/],
  ])('that answers %i %s is reported in one line', async (status, body, expected) => {
    repository();
    const server = createServer((_request, response) => {
      response.writeHead(status).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const env = { PACT_BROKER_BASE_URL: `http://127.0.0.1:${port}` };
    const { code, stderr } = await run('pact/publish.ts', [], env, folder);
    server.close();
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
  });

  it.each([
    ['never responds', () => true, /cannot be reached: it did not answer in time/],
    ['stops responding', (path: string) => path !== '/', /did not answer in time/],
  ])('that %s is reported in time', async (_title, silent, expected) => {
    repository();
    const env = { PACT_BROKER_TIMEOUT_MS: '1500' };
    for (const [script, args] of [['publish', []] as const, ['can-i-deploy', TO] as const]) {
      const { code, stderr, broker: to } = await command(script, args, { silent }, env);
      expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
      await to.close();
    }
  });
});
