import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { command, folder, lines, repository, TOKEN } from './broker-harness.ts';
import { run } from './command.ts';
import { type BrokerBehaviour, RecordingBroker } from './recording-broker.ts';

const TO = ['--to', 'production'];
const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['publish', []],
  ['can-i-deploy', TO],
  ['record-deployment', TO],
  ['record-end', ['--from', 'production']],
];
const PUBLISHING = { 'pb:publish-contracts': { href: '/contracts/publish' } };
const isWrite = (method: string) => method !== 'GET';

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
    [403, '{}', /requires credentials/],
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

  it.each<[string, BrokerBehaviour, RegExp]>([
    [
      'takes passwords instead of tokens',
      { fails: () => 400 },
      /takes no credentials of this kind, a token \(HTTP 400\): set PACT_BROKER_USERNAME and/,
    ],
    ['fails', { fails: () => 502 }, /fails \(HTTP 502\): its own log says why/],
    ['gets too many requests', { fails: () => 429 }, /too many requests \(HTTP 429\): try again/],
    [
      'is overloaded after its index',
      { fails: (_method, path) => (path === '/' ? undefined : 429) },
      /too many requests \(HTTP 429\): try again/,
    ],
    [
      'has a login page before it',
      { answers: ({ path }) => (path === '/' ? undefined : [200, '<html>Sign in</html>']) },
      /is no Pact broker: its response is no JSON/,
    ],
    [
      'sends too much for its index',
      { answers: () => [200, ' '.repeat(16 * 1024 * 1024 + 1)] },
      /is no Pact broker: more than 16 MiB are too much for a response$/,
    ],
    [
      'sends too much after its index',
      {
        answers: ({ path }) => (path === '/' ? undefined : [200, ' '.repeat(16 * 1024 * 1024 + 1)]),
      },
      /is no Pact broker: more than 16 MiB are too much for a response$/,
    ],
    [
      'lies behind a path that is left out',
      { fails: () => 404 },
      /is no Pact broker \(HTTP 404\): check PACT_BROKER_BASE_URL, with its path/,
    ],
  ])('that %s is reported in one line by every command', async (_title, behaviour, expected) => {
    repository();
    for (const [script, args] of COMMANDS) {
      const { code, stderr, broker: to } = await command(script, args, behaviour);
      expect([script, code, lines(stderr)]).toEqual([script, 1, [expect.stringMatching(expected)]]);
      await to.close();
    }
  });

  it.each([401, 403])('that answers a change with %i is reported in one line', async (status) => {
    repository();
    const fails = (method: string) => (isWrite(method) ? status : undefined);
    for (const [script, args] of COMMANDS.filter(([name]) => name !== 'can-i-deploy')) {
      const { code, stderr, broker: to } = await command(script, args, { fails });
      const expected = `lets these credentials read, not write (HTTP ${status}): use an account`;
      expect([script, code, lines(stderr)]).toEqual([
        script,
        1,
        [expect.stringContaining(expected)],
      ]);
      await to.close();
    }
  });

  it('that leads elsewhere is not followed, and gets no credentials there', async () => {
    repository();
    const elsewhere = await RecordingBroker.start();
    for (const only of [/^/, /^\/contracts/]) {
      const server = createServer((request, response) => {
        const { url = '' } = request;
        if (only.test(url)) response.writeHead(302, { Location: elsewhere.url + url });
        response.end(JSON.stringify({ _links: PUBLISHING }));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const env = { [BASE]: `http://127.0.0.1:${port}`, PACT_BROKER_TOKEN: TOKEN };
      const { code, stdout, stderr } = await run('pact/publish.ts', [], env, folder);
      server.close();
      const expected = /leads elsewhere \(HTTP 302\): PACT_BROKER_BASE_URL must be/;
      expect([code, stdout, lines(stderr)]).toEqual([1, '', [expect.stringMatching(expected)]]);
    }
    expect(elsewhere.arrived).toEqual([]);
    await elsewhere.close();
  });

  it('gets what a link without a slash asks for itself', async () => {
    repository();
    const { broker: to } = await command('publish', [], { calls: '.contoso.com' });
    expect(to.sent('POST', '/.contoso.com/contracts/publish')).toHaveLength(1);
  });

  it('that requires credentials is reported in one line', async () => {
    repository();
    const { code, stderr } = await command('publish', [], { fails: () => 401 }, {});
    expect([code, lines(stderr)]).toEqual([
      1,
      [expect.stringMatching(/requires credentials \(HTTP 401\): set PACT_BROKER_TOKEN, or/)],
    ]);
  });

  it.each(COMMANDS.slice(1))('without the environment is reported by %s', async (script, args) => {
    repository();
    const elsewhere = args.map((each) => (each === 'production' ? 'moon' : each));
    const { code, stderr } = await command(script, elsewhere);
    const expected =
      /^the environment moon does not exist at the broker, which has production: .* create-environment --name moon$/;
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
  });

  it.each([
    ['can-i-deploy', [], 'bookings-api/', 'npm run pact:publish'],
    ['can-i-deploy', [], 'microsoft-graph/', 'npm run pact:verify with CI=true'],
    ['record-deployment', ['--of', 'bookings-client'], 'bookings-client/', 'npm run pact:publish'],
    ['record-deployment', ['--force'], 'bookings-api/', 'npm run pact:publish'],
  ])('without the version is reported by %s %j', async (script, more, name, remedy) => {
    repository();
    const fails = (_method: string, path: string) =>
      path.startsWith(`/pacticipants/${name}versions/`) ? 404 : undefined;
    const { code, stderr } = await command(script, [...TO, ...more], { fails });
    const expected = `^the broker knows no version .* of ${name.slice(0, -1)} \\(HTTP 404\\): ${remedy} `;
    expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
  });

  it.each([
    [404, /^\/environments\/[^/]+$/],
    [400, /^\/environments\/[^/]+$/],
    [404, /\/currently-deployed\b/],
    [400, /\/currently-deployed\b/],
  ])('that answers %i at %s does not say that nothing is in use', async (status, path) => {
    repository();
    const fails = (_method: string, at: string) => (path.test(at) ? status : undefined);
    const { code, stderr } = await command('record-end', ['--from', 'production'], { fails });
    expect([code, stderr]).toEqual([
      1,
      `the broker does not show what is in use there (HTTP ${status})\n`,
    ]);
  });

  it('that refuses to show a version does not say that it is there', async () => {
    repository();
    const fails = (_method: string, path: string) =>
      path.startsWith('/pacticipants/bookings-api/versions/') ? 400 : undefined;
    const { code, stderr } = await command('can-i-deploy', TO, { fails });
    expect([code, lines(stderr)]).toEqual([
      1,
      [expect.stringMatching(/does not show the version .* of bookings-api \(HTTP 400\)/)],
    ]);
  });

  it.each([true, false])(
    'that lies behind a path is used by every command; its links have the path: %s',
    async (knowsPrefix) => {
      repository();
      for (const [script, args] of COMMANDS) {
        const behaviour = { prefix: '/pacts-of/us', knowsPrefix };
        const { code, stderr, broker: to } = await command(script, args, behaviour);
        expect([script, code, stderr]).toEqual([script, 0, '']);
        expect(to.sent('GET', '/outside')).toEqual([]);
        await to.close();
      }
    },
  );

  it.each([
    ['never responds', () => true, /cannot be reached: it did not answer in time/],
    ['stops responding', (path: string) => path !== '/', /did not answer in time/],
  ])('that %s is reported in time', async (_title, silent, expected) => {
    repository();
    const env = { PACT_BROKER_TIMEOUT_MS: '1500' };
    for (const [script, args] of COMMANDS) {
      const { code, stderr, broker: to } = await command(script, args, { silent }, env);
      expect([code, lines(stderr)]).toEqual([1, [expect.stringMatching(expected)]]);
      await to.close();
    }
  });
});
