import { describe, expect, it } from '@jest/globals';
import { createPart, partsOf, sendBatch } from './batch-requests.ts';
import { customersPath, relativePath } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const NAMES = [
  'X-Idempotency-Token',
  'Idempotency_Key',
  'IdempotencyKey',
  'Idempotent-Key',
  'Idempodency-Key',
  'Indempotency-Key',
  'X-Amz-Idempotency-Token',
  'Idenpotency-Key',
  'Ideompotency-Key',
  'X-Repeatability-Request-ID',
];
const JSON_TYPE = { 'content-type': 'application/json' };
const RIGHT = expect.stringContaining('takes its key in Idempotency-Key') as unknown;

describe('a key in a header with another name', () => {
  it.each(NAMES)('is refused with 400 that names the right header: %s', async (name) => {
    for (const more of [{}, { 'idempotency-key': 'k' }]) {
      const headers = { ...JSON_TYPE, [name]: 'a-key', ...more };
      const target = name.toLowerCase();
      const created = await stack.create({ headers });
      expect([created.status, created.error['message']]).toEqual([400, RIGHT]);
      expect(created.error['details']).toEqual([expect.objectContaining({ target })]);
      const [part] = partsOf(await sendBatch(stack, [createPart('1', { headers })]));
      expect(part).toMatchObject({ status: 400, body: { error: { message: RIGHT } } });
    }
    expect(stack.graphRequests).toBe(0);
  });

  it.each(['PATCH', 'DELETE'])('is refused by %s', async (method) => {
    const options = method === 'DELETE' ? {} : { body: '{"displayName":"x"}' };
    const headers = { 'x-idempotency-key': 'a-key' };
    const response = await stack.request(method, `${customersPath()}/x`, { ...options, headers });
    expect([response.status, response.error['message']]).toEqual([400, RIGHT]);
    expect(stack.graphRequests).toBe(0);
  });

  it('is refused on a batch', async () => {
    const headers = { 'x-idempotency-key': 'a-key' };
    const response = await sendBatch(stack, [createPart('1')], { headers });
    expect([response.status, response.error['message']]).toEqual([400, RIGHT]);
    expect(stack.graphRequests).toBe(0);
  });

  it('does not matter to a read', async () => {
    const headers = { 'x-idempotency-key': 'a-key' };
    expect((await stack.request('GET', customersPath(), { headers })).status).toBe(200);
    const part = { id: '1', method: 'GET', url: relativePath(), headers };
    expect(partsOf(await sendBatch(stack, [part]))[0]).toMatchObject({ status: 200 });
  });
});
