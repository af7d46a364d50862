import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, DOCUMENTED_REQUEST, Stack, customersPath } from '../stack.ts';
import { BUSINESSES, errorIn, headLines, send, statuses } from './raw-caller.ts';
import { roles } from './token-rows.ts';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await Stack.start();
  token = await stack.fake.issueToken({ roles });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

describe('the Authorization header', () => {
  it.each<[string, (good: string) => string]>([
    ['Basic', () => 'Basic am9uaTpwdw=='],
    ['Bearer without a token', () => 'Bearer'],
    ['no JWT', () => 'Bearer x'],
    ['a JWT of three dots', () => 'Bearer a.b.c'],
    ['a JWT with a fourth part', (good) => `Bearer ${good}.x`],
    ['an encrypted token of five parts', () => 'Bearer eyJhbGciOiJkaXIifQ.a.b.c.d'],
    ['two tokens', (good) => `Bearer ${good}, Bearer ${good}`],
    ['a token and something behind it', (good) => `Bearer ${good} x`],
    ['a token without its scheme', (good) => good],
    ['another scheme', (good) => `DPoP ${good}`],
  ])('is refused: %s', async (_title, header) => {
    const authorization = header(token);
    const answer = await stack.create({ token: null, headers: { authorization } });
    expect([answer.status, answer.error['code']]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(stack.seen).toBe(0);
  });

  it('is the only place for a token: neither the query nor a cookie nor a form is', async () => {
    const answers = [
      await stack.create({ token: null, path: `${customersPath()}?access_token=${token}` }),
      await stack.create({ token: null, headers: { cookie: `access_token=${token}` } }),
      await stack.create({
        token: null,
        body: `access_token=${token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(stack.seen).toBe(0);
  });

  it.each([
    (good: string) => `Authorization: Bearer ${good}`,
    () => 'Authorization: Bearer x',
    () => 'authorization:',
  ])('is refused when there are two: %s', async (second) => {
    const path = `${BUSINESSES}/${BUSINESS}/customers`;
    const lines = await headLines(stack, path, second(token), 'Connection: close');
    const length = `Content-Length: ${DOCUMENTED_REQUEST.length}`;
    const answer = await send(stack.url, ...lines, length, '', DOCUMENTED_REQUEST);
    expect(statuses(answer)).toEqual([401]);
    expect(errorIn(answer)['message']).toBe('There must be one Authorization header.');
    expect(stack.seen).toBe(0);
  });

  it.each([20_000, 100_000])('is refused when its token has %i bytes', async (length) => {
    const large = await stack.fake.issueToken({ roles, claims: { x: 'x'.repeat(length) } });
    const lines = ['GET /openapi.json HTTP/1.1', 'Host: x', `Authorization: Bearer ${large}`];
    const answer = await send(stack.url, ...lines, '', '');
    expect(statuses(answer)).toEqual([431]);
    expect(errorIn(answer)['code']).toBe('RequestHeaderFieldsTooLarge');
  });

  it('may have a token of 10,000 bytes, as one with many groups has', async () => {
    const large = await stack.fake.issueToken({ roles, claims: { groups: 'x'.repeat(7000) } });
    expect((await stack.create({ token: large })).status).toBe(201);
  });
});
