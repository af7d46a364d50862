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
    ['publish', ['--to', 'production']],
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
    ['gets a token of two lines', { PACT_BROKER_TOKEN: `${TOKEN}\nx` }, /must be one word/],
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

  it.each([
    [200, '<html>', /is no Pact broker/],
    [200, '{"links":[]}', /is no Pact broker/],
    [403, '{}', /refused the credentials/],
    [503, '<html>', /fails \(HTTP 503\)/],
  ])('because it answers %i %s is told in one line', async (status, body, expected) => {
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
    ['never answers', () => true, /cannot be reached: it did not answer in time/],
    ['stops answering', (path: string) => path !== '/', /did not answer in time/],
  ])('because it %s is given up in time', async (_title, silent, expected) => {
    repository();
    const env = { PACT_BROKER_TIMEOUT_MS: '1500' };
    for (const [script, args] of [['publish', []] as const, ['can-i-deploy', TO] as const]) {
      const { code, stderr, broker: to } = await command(script, args, { silent }, env);
      expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
      await to.close();
    }
  });
});
