import { describe, expect, it } from '@jest/globals';
import { BUSINESS } from './documented.ts';
import { graphError, resetAfter, respond } from './faults.ts';
import { createWithKey, newKey, useReconcilingStack } from './idempotent-requests.ts';
import type { ProxyResponse } from './proxy-client.ts';
import { newUser, refuseToken } from './token-faults.ts';

const stack = useReconcilingStack();
const JONI = { displayName: 'Joni Sherman' };
const lineOf = ({ headers }: ProxyResponse) => stack.lineOf(headers.get('request-id'));

describe('a create with a key of a user whom Entra refuses', () => {
  it.each([53003, 50105, 50020, 50034, 50057, 65001])('leaves the key free: %i', async (number) => {
    const [key, token] = [newKey(), await newUser(stack)];
    stack.fake.script([refuseToken(number)]);
    const refused = await createWithKey(stack, key, JONI, { token });
    expect([refused.status, refused.innerError['outcome']]).toEqual([403, 'not-sent']);
    expect(await lineOf(refused)).toMatchObject({
      'bookings.aadsts': number,
      'bookings.outcome': 'not-sent',
    });
    // A key that is not free would refuse another body with 422.
    const created = await createWithKey(stack, key, { displayName: 'Adele Vance' }, { token });
    expect([created.status, stack.graphMethods]).toEqual([201, ['POST']]);
  });

  it('leaves it unknown if an earlier attempt is, and has the number in its log line', async () => {
    const [key, user] = [newKey(), crypto.randomUUID()];
    const create = async (lifetimeSeconds: number) =>
      createWithKey(stack, key, JONI, { token: await newUser(stack, user, lifetimeSeconds) });
    stack.fake.script([resetAfter(), respond(403, graphError('ErrorAccessDenied'))]);
    expect(await create(3000)).toMatchObject({ status: 504, innerError: { outcome: 'unknown' } });
    stack.fake.script([refuseToken(50105)]);
    const refused = await create(3001);
    expect(refused).toMatchObject({ status: 504, innerError: { outcome: 'unknown' } });
    expect(refused.error['details']).toMatchObject([{ code: 'Authorization_RequestDenied' }]);
    expect(await lineOf(refused)).toMatchObject({
      'http.response.status_code': 504,
      'bookings.aadsts': 50105,
    });
    const found = await create(3001);
    expect([found.status, found.body['id']]).toEqual([201, stack.fake.customers(BUSINESS)[0]?.id]);
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });
});
