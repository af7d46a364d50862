import { createServer as createTlsServer } from 'node:https';
import { describe, expect, it } from '@jest/globals';
import { selfSigned } from '../src/config/self-signed.fixture.ts';
import { listen, close, freePort } from './local-server.ts';
import { ReplyServer } from './security/reply-server.ts';
import { Stack } from './stack.ts';
import { onTeardown } from './teardown.ts';

const replying = (status: number, body: string) => async () =>
  (await ReplyServer.start({ status, body })).url;

/** An https server with a certificate that no one trusts. */
async function untrusted(): Promise<string> {
  const { certificate, privateKey } = selfSigned();
  const server = createTlsServer({ cert: certificate, key: privateKey });
  onTeardown(() => close(server));
  return `https://127.0.0.1:${await listen(server)}`;
}

describe('a key set that cannot be fetched', () => {
  it.each<[string, () => Promise<string>, string]>([
    ['a status', replying(404, 'secret-page'), 'it answered with status 404'],
    ['a page', replying(200, '<p>secret-page</p>'), 'it is not JSON'],
    ['no key', replying(200, '{"keys":[]}'), 'it holds no RS256 signing key'],
    [
      'a closed port',
      async () => `http://127.0.0.1:${await freePort()}`,
      'the connection was refused (ECONNREFUSED)',
    ],
    [
      'a certificate that is not trusted',
      untrusted,
      'the TLS connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      'an unknown host',
      () => Promise.resolve('https://keys.invalid'),
      'its host name cannot be resolved (',
    ],
  ])('says why in /readyz and in one log line: %s', async (_title, start, reason) => {
    const url = await start();
    const stack = await Stack.start({ AUTH_JWKS_URL: `${url}/keys` });
    const line = await stack.lineWith('bookings.alarm', 'key-set');
    const ready = await stack.readyWhen(({ text }) => text.includes(': '));
    expect(ready.status).toBe(503);
    expect(ready.error['message']).toContain(
      `Not ready: the key set of the token issuers cannot be read: ${reason}`,
    );
    // The address is the operator's business, and no one else's.
    expect(ready.text).not.toContain(new URL(url).hostname);
    expect(line).toMatchObject({ 'url.full': `${url}/keys`, 'error.type': 'KeySetFault' });
    expect(line['error.message']).toContain(reason);
    const refused = await stack.create();
    expect([refused.status, refused.error['message']]).toEqual([
      503,
      expect.stringContaining(`the key set of its issuer cannot be read: ${reason}`),
    ]);
    expect(refused.text).not.toContain(new URL(url).hostname);
    await stack.stop();
    const lines = stack.logLines.filter((each) => each.includes('"bookings.alarm":"key-set"'));
    expect(lines).toHaveLength(1);
    expect(stack.logLines.join('')).not.toContain('secret-page');
  });

  it('has another log line once it can be read', async () => {
    const server = await ReplyServer.start({ status: 503 });
    const stack = await Stack.start({ AUTH_JWKS_URL: server.url });
    await stack.lineWith('bookings.alarm', 'key-set');
    const body = await (await fetch(stack.fake.jwksUrl)).text();
    server.reply = { body };
    await stack.lineWith('message', 'the key set of the token issuers can be read again');
    expect((await stack.create()).status).toBe(201);
    await stack.stop();
  });
});
