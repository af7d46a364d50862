import { performance } from 'node:perf_hooks';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Stack, useStack } from '../stack.ts';
import { ReplyServer } from './reply-server.ts';
import { OTHER_TENANT, roles } from './token-rows.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

// The clock of the process can be moved forward.
const realNow = performance.now.bind(performance);
let aheadMs = 0;
beforeEach(() => {
  aheadMs = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => realNow() + aheadMs);
});
afterEach(() => {
  jest.restoreAllMocks();
});

let keys: string;
let server: ReplyServer;
const issuer = useStack();
beforeAll(async () => {
  keys = await (await fetch(issuer.fake.jwksUrl)).text();
  server = await ReplyServer.start({ body: keys });
});

describe('keys that cannot be fetched again', () => {
  it('are used for one day, and then every token is refused until they are fetched', async () => {
    server.reply = { body: keys };
    const stack = await Stack.start({
      AUTH_JWKS_URL: server.url,
      AUTH_ISSUERS: `${issuer.fake.url}/{tid}/v2.0`,
    });
    const [remembered, fresh] = [
      await issuer.fake.issueToken({ roles }),
      await issuer.fake.issueToken({ roles, appId: OTHER_TENANT }),
    ];
    const statuses = async (...tokens: string[]) => {
      const found: number[] = [];
      for (const token of tokens) found.push((await stack.create({ token })).status);
      return found;
    };
    expect(await statuses(remembered, remembered, remembered)).toEqual([201, 201, 201]);
    server.reply = { status: 500 };
    aheadMs = DAY_MS - MINUTE_MS;
    expect(await statuses(remembered, fresh)).toEqual([201, 201]);

    aheadMs = DAY_MS;
    const refused = await stack.create({ token: remembered });
    expect([refused.status, refused.error['code']]).toEqual([503, 'ServiceUnavailable']);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await statuses(fresh)).toEqual([503]);
    const ready = await stack.get('/readyz');
    expect([ready.status, ready.error['message']]).toEqual([
      503,
      expect.stringContaining('key set'),
    ]);

    server.reply = { body: keys };
    // A request for the keys that is in progress may still fail.
    let [status] = await statuses(remembered);
    for (; status === 503; [status] = await statuses(remembered)) aheadMs += MINUTE_MS;
    expect(status).toBe(201);
    await stack.stop();
  });
});
