import { beforeAll, describe, expect, it } from '@jest/globals';
import { customersPath, DOCUMENTED_REQUEST } from '../documented.ts';
import { useStack } from '../stack.ts';
import { errorIn, headLines, send, statuses } from './raw-client.ts';
import { roles } from './token-rows.ts';

const stack = useStack();
let token: string;
beforeAll(async () => {
  token = await stack.fake.issueToken({ roles });
});

describe('the Authorization header', () => {
  it.each<[string, (good: string) => string]>([
    ['Basic', () => 'Basic am9uaTpwdw=='],
    ['Bearer without a token', () => 'Bearer'],
    ['a token that is not a JWT', () => 'Bearer x'],
    ['a JWT of three dots', () => 'Bearer a.b.c'],
    ['a JWT with a fourth part', (good) => `Bearer ${good}.x`],
    ['an encrypted token of five parts', () => 'Bearer eyJhbGciOiJkaXIifQ.a.b.c.d'],
    ['two tokens', (good) => `Bearer ${good}, Bearer ${good}`],
    ['a token followed by other text', (good) => `Bearer ${good} x`],
    ['a token without its scheme', (good) => good],
    ['another scheme', (good) => `DPoP ${good}`],
  ])('is refused: %s', async (_title, header) => {
    const authorization = header(token);
    const response = await stack.create({ token: null, headers: { authorization } });
    expect([response.status, response.error['code']]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(stack.graphRequests).toBe(0);
  });

  it('is the only source of a token, not the query, a cookie or a form', async () => {
    const responses = [
      await stack.create({ token: null, path: `${customersPath()}?access_token=${token}` }),
      await stack.create({ token: null, headers: { cookie: `access_token=${token}` } }),
      await stack.create({
        token: null,
        body: `access_token=${token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ];
    expect(responses.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(stack.graphRequests).toBe(0);
  });

  it.each([
    (good: string) => `Authorization: Bearer ${good}`,
    () => 'Authorization: Bearer x',
    () => 'authorization:',
  ])('is refused when it is repeated: %s', async (second) => {
    const path = customersPath();
    const lines = await headLines(stack, path, second(token), 'Connection: close');
    const length = `Content-Length: ${DOCUMENTED_REQUEST.length}`;
    const response = await send(stack.url, ...lines, length, '', DOCUMENTED_REQUEST);
    expect(statuses(response)).toEqual([401]);
    expect(errorIn(response)['message']).toBe('There must be one Authorization header.');
    expect(stack.graphRequests).toBe(0);
  });

  it.each([20_000, 100_000])('is refused when its token has %i bytes', async (length) => {
    const large = await stack.fake.issueToken({ roles, claims: { x: 'x'.repeat(length) } });
    const lines = ['GET /openapi.json HTTP/1.1', 'Host: x', `Authorization: Bearer ${large}`];
    const response = await send(stack.url, ...lines, '', '');
    expect(statuses(response)).toEqual([431]);
    expect(errorIn(response)['code']).toBe('RequestHeaderFieldsTooLarge');
  });

  it('accepts a token of 10,000 bytes', async () => {
    const large = await stack.fake.issueToken({ roles, claims: { groups: 'x'.repeat(7000) } });
    expect((await stack.create({ token: large })).status).toBe(201);
  });
});
