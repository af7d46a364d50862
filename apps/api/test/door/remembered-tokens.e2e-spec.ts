import { afterAll, beforeAll, expect, describe, it } from '@jest/globals';
import { TokenVerifier } from '../../src/auth/token-verifier.ts';
import { Stack } from '../stack.ts';
import { roles } from './token-rows.ts';

let stack: Stack;
let verifier: TokenVerifier;
beforeAll(async () => {
  stack = await Stack.start();
  const { url, jwksUrl, client } = stack.fake;
  verifier = new TokenVerifier({
    issuers: [`${url}/{tid}/v2.0`],
    audiences: [client.audience],
    jwksUrl,
    tenants: [],
  });
});
afterAll(async () => {
  verifier.close();
  await stack.stop();
});

describe('a token that was verified', () => {
  it('is known at once when it has come twice, over whatever connection', async () => {
    const token = await stack.fake.issueToken({ roles });
    const connection = {};
    const first = verifier.verify(token, connection);
    expect(first).toBeInstanceOf(Promise);
    await first;
    const second = verifier.verify(token, connection);
    expect(second).toBeInstanceOf(Promise);
    const caller = await second;
    expect(caller.permissions).toEqual(roles);
    for (const over of [connection, {}, connection]) {
      expect(verifier.verify(token, over)).toBe(caller);
    }
  });

  it('is verified once for all that come with it in one turn, as parts of a batch do', async () => {
    const token = await stack.fake.issueToken({ roles });
    const whole = await verifier.verify(token, {});
    const parts = Array.from({ length: 20 }, async () => verifier.verify(token, {}));
    const [caller, ...others] = await Promise.all(parts);
    expect(caller).not.toBe(whole);
    for (const other of others) expect(other).toBe(caller);
  });
});
