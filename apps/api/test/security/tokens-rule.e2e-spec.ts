import { expect, it } from '@jest/globals';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { useStack } from '../stack.ts';
import { roles, scopes } from './token-rows.ts';

const stack = useStack();
const PERSON = 'Joni Sherman';

const headers = (authorization?: string) => () => Promise.resolve(authorization ?? null);
const token = (request: CallerTokenRequest) => async () =>
  `Bearer ${await stack.fake.issueToken({ roles, ...request })}`;
const tampered = async () => {
  const issued = await stack.fake.issueToken({ roles });
  return `Bearer ${issued.slice(0, issued.lastIndexOf('.'))}.${'A'.repeat(342)}`;
};

it.each<[string, () => Promise<string | null>]>([
  ['token-missing', headers()],
  ['bearer', headers('Basic am9uaTpzaGVybWFu')],
  ['form', headers('Bearer not-a-token')],
  ['header', token({ header: { jku: 'https://example.com' } })],
  ['algorithm', token({ header: { alg: 'HS256' } })],
  ['key', token({ header: { kid: 'unknown' } })],
  ['signature', tampered],
  ['expired', token({ lifetimeSeconds: -60 })],
  ['not-before', token({ notBeforeSeconds: 60 })],
  ['lifetime', token({ lifetimeSeconds: 40 * 86_400 })],
  ['audience', token({ audience: 'https://graph.microsoft.com' })],
  ['issuer', token({ claims: { iss: 'https://example.com' } })],
  ['claim', token({ claims: { tid: undefined } })],
  ['caller', token({ claims: { azp: undefined, name: PERSON } })],
  ['user', token({ scopes, claims: { oid: undefined, sub: undefined, name: PERSON } })],
])('the log line of a 401 says that the rule "%s" was broken, and no more', async (rule, make) => {
  const authorization = await make();
  const response = await stack.create({
    token: null,
    headers: authorization === null ? {} : { authorization },
  });
  expect(response.status).toBe(401);
  // The caller learns what it has always learnt.
  expect(response.text).not.toContain('"rule"');
  const line = await stack.lineOf(response.headers.get('request-id'));
  expect(line).toMatchObject({
    'http.response.status_code': 401,
    'error.code': 'InvalidAuthenticationToken',
    'bookings.token_rule': rule,
  });
  const text = JSON.stringify(line);
  expect(text).not.toContain(PERSON);
  if (authorization !== null) expect(text).not.toContain(authorization.split(' ')[1]);
});

it('a line of another request has no rule', async () => {
  const created = await stack.create();
  const line = await stack.lineOf(created.headers.get('request-id'));
  expect([line['http.response.status_code'], line['bookings.token_rule']]).toEqual([
    201,
    undefined,
  ]);
});
