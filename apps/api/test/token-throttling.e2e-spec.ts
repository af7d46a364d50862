import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { createPart, getPart, sendBatch, statusesOf } from './batch-requests.ts';
import { CREATE_PERMISSION } from './documented.ts';
import { createWithKey, newKey } from './idempotent-requests.ts';
import { useFreshStack } from './stack.ts';
import { PERSON, newUser, refuseToken } from './token-faults.ts';

const stack = useFreshStack();
const WAIT = { 'Retry-After': '60' };
const OTHER_APP = '22222222-3333-4444-8555-666666666666';
const status = (code: number, headers = WAIT): Fault => ({
  kind: 'status',
  endpoint: 'token',
  status: code,
  headers,
});
const tokenRequests = () => stack.fake.requests().tokenRequests;

const THROTTLED: readonly (readonly [string, Fault])[] = [
  ['429', status(429)],
  ['503', status(503)],
  ['500', status(500)],
  ['a loop that Entra has detected', refuseToken(50196, { headers: WAIT })],
  [
    'a server that is too busy',
    refuseToken(1, { error: 'temporarily_unavailable', headers: WAIT }),
  ],
];

describe('a throttled exchange of a user', () => {
  it.each(THROTTLED)('holds back this user alone: %s', async (_title, fault) => {
    const user = crypto.randomUUID();
    const [token, renewed] = [await newUser(stack, user), await newUser(stack, user, 3000)];
    stack.fake.script([fault]);
    const first = await stack.create({ token });
    expect([first.status, first.innerError['outcome']]).toEqual([503, 'not-sent']);
    expect(first.headers.get('retry-after')).toBe('60');
    // Neither a repeat nor a new token of the user reaches the token endpoint.
    const key = newKey();
    for (const again of [token, renewed]) {
      const response = await createWithKey(stack, key, { displayName: 'Joni' }, { token: again });
      expect([response.status, response.innerError['outcome']]).toEqual([503, 'not-sent']);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      const batch = await sendBatch(stack, [createPart('1'), getPart('2')], { token: again });
      expect(statusesOf(batch)).toEqual([503, 503]);
    }
    expect([tokenRequests(), stack.graphRequests]).toEqual([1, 0]);
    expect((await stack.create({ token: await newUser(stack) })).status).toBe(201);
    expect((await stack.create()).status).toBe(201);
    expect([tokenRequests(), stack.graphRequests]).toEqual([3, 2]);
  });

  it('ends after Retry-After', async () => {
    const token = await newUser(stack);
    stack.fake.script([status(429, { 'Retry-After': '0' })]);
    const throttled = await stack.create({ token });
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([503, '1']);
    let last = throttled;
    while (last.status === 503) last = await stack.create({ token });
    expect([last.status, tokenRequests()]).toEqual([201, 2]);
  });
});

describe('throttled client credentials', () => {
  it.each(THROTTLED)('hold back applications alone: %s', async (_title, fault) => {
    stack.fake.script([fault]);
    const other = await stack.fake.issueToken({ roles: [CREATE_PERMISSION], appId: OTHER_APP });
    for (const options of [{}, { token: other }]) {
      const response = await stack.create(options);
      expect([response.status, response.innerError['outcome']]).toEqual([503, 'not-sent']);
    }
    expect(tokenRequests()).toBe(1);
    expect((await stack.create({ token: await newUser(stack) })).status).toBe(201);
  });
});

describe('a throttled tenant', () => {
  it('holds back everyone, and is in the log line of each request', async () => {
    stack.fake.script([refuseToken(90055, { status: 429, headers: WAIT })]);
    const users = [{ token: await newUser(stack) }, { token: await newUser(stack) }];
    for (const options of [...users, {}]) {
      const response = await stack.create(options);
      expect([response.status, response.innerError['outcome']]).toEqual([503, 'not-sent']);
      const line = await stack.lineOf(response.headers.get('request-id'));
      expect(line).toMatchObject({
        'log.level': 'error',
        'http.response.status_code': 503,
        'bookings.aadsts': 90055,
      });
    }
    expect([tokenRequests(), stack.graphRequests]).toEqual([1, 0]);
    expect(stack.logLines.join('\n')).not.toContain(PERSON);
  });
});
