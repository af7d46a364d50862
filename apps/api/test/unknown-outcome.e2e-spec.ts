import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS, customersPath } from './documented.ts';
import { resetBefore, resetAfter } from './faults.ts';
import { ADELE, createWithKey, newKey, useReconcilingStack } from './idempotent-requests.ts';
import { type ProxyResponse, type RequestOptions } from './proxy-client.ts';

const stack = useReconcilingStack();
const create = (key: string, customer?: object, options?: RequestOptions) =>
  createWithKey(stack, key, customer, options);
const customers = () => stack.fake.customers(BUSINESS);

describe('a create with a key whose outcome stays unknown', () => {
  it('is reported while a customer matches in part', async () => {
    stack.fake.script([resetBefore()]);
    const other = stack.fake.add(BUSINESS, { ...ADELE, displayName: 'Adele V.' });
    const key = newKey();
    const response = await create(key);
    expect(unknown(response)).toEqual([504, 'GatewayTimeout', 'unknown', 'proxy']);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(stack.graphMethods).toEqual(['POST', 'GET']);
    expect(await stack.metric('bookings_idempotency_keys_unknown')).toBeGreaterThan(0);
    expect((await create(key, { displayName: 'x' })).status).toBe(422);
    await stack.request('DELETE', `${customersPath()}/${other.id}`);
    const later = await create(key);
    expect([later.status, later.body['displayName']]).toEqual([201, 'Adele Vance']);
    expect(customers()).toHaveLength(1);
  });

  it.each<[string, readonly Fault[]]>([
    [
      'is refused',
      [{ kind: 'status', status: 403, body: { error: { code: 'No', message: 'x' } } }],
    ],
    ['is cut off', [resetBefore(5)]],
    ['is not a list', [{ kind: 'status', status: 200, body: { value: 'none' } }]],
    ['contains an invalid customer', [{ kind: 'status', status: 200, body: { value: [null] } }]],
  ])('is reported when the list %s, and a retry finds the customer', async (_title, faults) => {
    stack.fake.script([resetAfter(), ...faults]);
    const key = newKey();
    expect(unknown(await create(key))).toEqual([504, 'GatewayTimeout', 'unknown', 'proxy']);
    stack.fake.script([]);
    const later = await create(key);
    expect([later.status, later.body['id']]).toEqual([201, customers()[0]?.id]);
    expect(customers()).toHaveLength(1);
  });

  it('is reported when Graph refuses a second attempt', async () => {
    const refusal = { error: { code: 'ErrorQuota', message: 'no more' } };
    stack.fake.script([
      resetBefore(),
      { kind: 'pass' },
      { kind: 'status', status: 403, body: refusal },
    ]);
    const key = newKey();
    const response = await create(key);
    expect(unknown(response)).toEqual([504, 'GatewayTimeout', 'unknown', 'proxy']);
    expect(response.error['details']).toEqual([{ code: 'ErrorQuota', message: 'no more' }]);
    expect((await create(key)).status).toBe(201);
    expect(customers()).toHaveLength(1);
  });
});

function unknown({ status, error, innerError }: ProxyResponse): unknown[] {
  return [status, error['code'], innerError['outcome'], innerError['origin']];
}
