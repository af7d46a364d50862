import { describe, expect, it } from '@jest/globals';
import { createPart, partsOf, sendBatch } from './batch-requests.ts';
import { customersPath, relativePath } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const NAME = 'bookings-unique-by';
const JSON_TYPE = { 'content-type': 'application/json' };
const REFUSAL = {
  code: 'BadRequest',
  message: expect.stringContaining('this version does not support it yet') as unknown,
  details: [expect.objectContaining({ target: NAME })],
};

describe('Bookings-Unique-By', () => {
  it.each(['emailAddress', 'emailaddress', '', 'displayName', 'x, y'])(
    'is refused by a create, alone and in a batch, with and without a key: "%s"',
    async (value) => {
      for (const more of [{}, { 'idempotency-key': newKey() }, { 'retry-attempt': '1' }]) {
        const headers = { ...JSON_TYPE, 'Bookings-Unique-By': value, ...more };
        const alone = await stack.create({ headers });
        expect([alone.status, alone.error]).toEqual([400, expect.objectContaining(REFUSAL)]);
        const [part] = partsOf(await sendBatch(stack, [createPart('1', { headers })]));
        expect(part).toMatchObject({ status: 400, body: { error: REFUSAL } });
      }
      expect(stack.graphRequests).toBe(0);
    },
  );

  it.each(['PATCH', 'DELETE'])('is refused by %s, alone and in a batch', async (method) => {
    const body = method === 'PATCH' ? { displayName: 'x' } : undefined;
    const headers = { ...(body && JSON_TYPE), [NAME]: 'emailAddress' };
    const sent = body && { body: JSON.stringify(body) };
    const alone = await stack.request(method, `${customersPath()}/x`, { headers, ...sent });
    expect([alone.status, alone.error]).toEqual([400, expect.objectContaining(REFUSAL)]);
    const part = { id: '1', method, url: `${relativePath()}/x`, headers, body };
    expect(partsOf(await sendBatch(stack, [part]))).toMatchObject([{ status: 400 }]);
    expect(stack.graphRequests).toBe(0);
  });

  it('is refused on a batch', async () => {
    const headers = { [NAME]: 'emailAddress' };
    const response = await sendBatch(stack, [createPart('1')], { headers });
    expect([response.status, response.error]).toEqual([400, expect.objectContaining(REFUSAL)]);
    expect(stack.graphRequests).toBe(0);
  });

  it('does not matter to a read', async () => {
    const headers = { [NAME]: 'emailAddress' };
    expect((await stack.request('GET', customersPath(), { headers })).status).toBe(200);
  });
});

describe('Bookings-Priority, which would change only the order', () => {
  it('is ignored, and does not reach Graph', async () => {
    const headers = { ...JSON_TYPE, 'Bookings-Priority': 'low' };
    expect((await stack.create({ headers })).status).toBe(201);
    const parts = partsOf(await sendBatch(stack, [createPart('1', { headers })], { headers }));
    expect(parts).toMatchObject([{ status: 201 }]);
    const names = stack.fake.requests().requests.flatMap(({ headers: sent }) => Object.keys(sent));
    expect(names).not.toContain('bookings-priority');
  });
});
