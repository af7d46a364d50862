import { performance } from 'node:perf_hooks';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { Stack } from '../stack.ts';
import { type OwnServer, answering } from './own-server.ts';
import { OTHER_TENANT, roles } from './token-rows.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

// The clock of the process, which runs on as it does and can be put forward.
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
let server: OwnServer;
let issuer: Stack;
beforeAll(async () => {
  issuer = await Stack.start();
  keys = await (await fetch(issuer.fake.jwksUrl)).text();
  server = await answering({ body: keys });
});
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

describe('keys that could not be fetched again', () => {
  it('are good for a day, and then no token is, remembered or not, until they are fetched', async () => {
    server.answer({ body: keys });
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
    server.answer({ status: 500 });
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

    server.answer({ body: keys });
    // What was asked before may still be answered with 500.
    let [status] = await statuses(remembered);
    for (; status === 503; [status] = await statuses(remembered)) aheadMs += MINUTE_MS;
    expect(status).toBe(201);
    await stack.stop();
  });
});
