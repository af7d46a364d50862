import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATIONS, OPERATION_NAMES, USER_REFUSALS, isWrite } from '@bookings/domain';
import { createPart, getPart, partsOf, sendBatch } from './batch-requests.ts';
import { customersPath, relativePath } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { jsonObject, objectIn } from './json.ts';
import type { ProxyResponse } from './proxy-client.ts';
import { useStack } from './stack.ts';
import { CLAIMS, PERSON, alarmsOf, newUser, refuseToken, written } from './token-faults.ts';

const stack = useStack();
beforeEach(() => {
  stack.logLines.length = 0;
  stack.auditLines.length = 0;
});

const lineOf = ({ headers }: ProxyResponse) => stack.lineOf(headers.get('request-id'));

/** By Entra's number: the code of the detail, and what the administrator must do. */
const REFUSALS: readonly (readonly [number, string, RegExp])[] = [
  [50020, 'UserUnknown', /another identity provider.+ An administrator must invite the user/],
  [50034, 'UserUnknown', /not in the directory.+ An administrator must add it/],
  [50057, 'UserDisabled', /account of the user is disabled. An administrator must enable it/],
  [50105, 'UserNotAssigned', /not assigned.+ An administrator must assign the user/],
  [51004, 'UserUnknown', /no account of the user. An administrator must add the user as a guest/],
  [53003, 'BlockedByPolicy', /Conditional Access policy.+ An administrator must find the policy/],
  [530032, 'BlockedByPolicy', /security policy of the tenant.+ An administrator must check/],
  [65001, 'ConsentMissing', /no consent.+ An administrator must grant admin consent/],
  [90094, 'ConsentMissing', /consent of an administrator.+ must grant admin consent/],
];

describe('a refusal of Entra that signing in again cannot cure', () => {
  it('is in the table below', () => {
    expect([...USER_REFUSALS.keys()]).toEqual(REFUSALS.map(([number]) => number));
  });

  it.each(REFUSALS)(
    'is 403 with what an administrator must do: %i',
    async (number, code, words) => {
      stack.fake.script([refuseToken(number)]);
      const response = await stack.create({ token: await newUser(stack) });
      expect([response.status, response.error['code'], stack.graphRequests]).toEqual([
        403,
        'Authorization_RequestDenied',
        0,
      ]);
      expect(response.error['message']).toMatch(words);
      expect(response.error['details']).toEqual([{ code, message: response.error['message'] }]);
      expect(response.innerError).toMatchObject({ origin: 'proxy', outcome: 'not-sent' });
      // A challenge would send the user to sign in again.
      expect(response.headers.get('www-authenticate')).toBeNull();
      const line = await lineOf(response);
      expect(line).toMatchObject({
        'log.level': 'info',
        'http.response.status_code': 403,
        'bookings.aadsts': number,
        'bookings.refusal': [code],
      });
      expect(line).toMatchObject({
        'bookings.outcome': 'not-sent',
        'bookings.token_kind': 'delegated',
      });
      expect(alarmsOf(stack)).toEqual(code === 'ConsentMissing' ? [['consent', number]] : []);
      const outcome = stack.auditLines.map(jsonObject).find(({ record }) => record === 'outcome');
      expect(outcome).toMatchObject({ outcome: 'not-sent', status: 403, attempts: 0 });
      expect(written(stack, response)).not.toMatch(new RegExp(`AADSTS|Trace ID|${PERSON}`));
      expect(response.text).not.toContain(String(number));
    },
  );

  it.each(REFUSALS)('is a challenge if it has claims: %i', async (number) => {
    stack.fake.script([refuseToken(number, { claims: CLAIMS })]);
    const response = await stack.create({ token: await newUser(stack) });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer error="insufficient_claims", claims="${btoa(CLAIMS)}"`,
    ]);
    expect(await lineOf(response)).toMatchObject({
      'http.response.status_code': 401,
      'bookings.aadsts': number,
    });
    expect([alarmsOf(stack), stack.graphRequests]).toEqual([[], 0]);
    expect(written(stack, response)).not.toContain(PERSON);
  });

  it.each(OPERATION_NAMES)('is the same for %s, alone and in a batch', async (operation) => {
    const { method, path } = OPERATIONS[operation];
    const below = path.split('/customers')[1]?.replace('{customer}', 'some-id') ?? '';
    const body = isWrite(operation) && method !== 'DELETE' ? { displayName: 'Joni' } : undefined;
    stack.fake.script([refuseToken(50105, { times: 9 })]);
    const token = await newUser(stack);
    const alone = await stack.request(method, `${customersPath()}${below}`, {
      token,
      ...(body && { body: JSON.stringify(body) }),
    });
    const expected = {
      code: 'Authorization_RequestDenied',
      message: expect.stringContaining('must assign the user'),
    };
    const outcome = isWrite(operation) ? 'not-sent' : undefined;
    expect([alone.status, alone.error]).toEqual([403, expect.objectContaining(expected)]);
    expect(alone.innerError['outcome']).toBe(outcome);
    const refused = {
      'event.action': operation,
      'http.response.status_code': 403,
      'bookings.aadsts': 50105,
    };
    expect(await lineOf(alone)).toMatchObject(refused);
    const part = {
      id: '1',
      method,
      url: `${relativePath()}${below}`,
      ...(body && { body, headers: { 'Content-Type': 'application/json' } }),
    };
    const [answer = {}] = partsOf(await sendBatch(stack, [part], { token }));
    const error = objectIn(objectIn(answer, 'body'), 'error');
    expect([answer['status'], error]).toEqual([403, expect.objectContaining(expected)]);
    expect(objectIn(error, 'innerError')['outcome']).toBe(outcome);
    const line = await stack.lineOf(String(objectIn(answer, 'headers')['request-id']));
    expect(line).toMatchObject(refused);
    expect(stack.graphRequests).toBe(0);
  });

  it('is the answer of each part of a batch that needs the user', async () => {
    stack.fake.script([refuseToken(65001, { times: 9 })]);
    const requests = [
      createPart('1'),
      createPart('2', {
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
      }),
      getPart('3'),
      getPart('4', relativePath(), { dependsOn: ['3'] }),
      getPart('5', '/me'),
    ];
    const batch = await sendBatch(stack, requests, { token: await newUser(stack) });
    const parts = partsOf(batch);
    expect(parts.map(({ status }) => status)).toEqual([403, 403, 403, 424, 404]);
    const lines = await Promise.all(
      parts.map((part) => stack.lineOf(String(objectIn(part, 'headers')['request-id']))),
    );
    const numbers = [65001, 65001, 65001, undefined, undefined];
    expect(lines.map((line) => line['bookings.aadsts'])).toEqual(numbers);
    expect(stack.graphRequests).toBe(0);
    expect(alarmsOf(stack)).toContainEqual(['consent', 65001]);
  });
});
