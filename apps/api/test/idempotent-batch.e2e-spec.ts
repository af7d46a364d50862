import { describe, expect, it } from '@jest/globals';
import { BUSINESS, relativePath } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { useStack } from './stack.ts';

const stack = useStack();

describe('a create with an Idempotency-Key in a batch', () => {
  it('is replayed for a later part with the same key', async () => {
    const key = newKey();
    const part = (id: string) => ({
      id,
      method: 'POST',
      url: relativePath(),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: { displayName: 'Adele Vance' },
      ...(id === 'b' && { dependsOn: ['a'] }),
    });
    const { body } = await stack.request('POST', '/v1.0/$batch', {
      body: JSON.stringify({ requests: [part('a'), part('b')] }),
    });
    expect(body['responses']).toMatchObject([
      { status: 201 },
      { status: 201, headers: { 'Idempotent-Replayed': 'true' } },
    ]);
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, Record<string, string>, number]>([
    ['for a batch as a whole', { 'idempotency-key': 'k' }, {}, 400],
    ['twice for a part', {}, { 'Idempotency-Key': 'a', 'idempotency-key': 'b' }, 400],
  ])('is refused when the key is given %s', async (_title, headers, ofPart, status) => {
    const url = relativePath();
    const part = { id: 'a', method: 'POST', url, headers: ofPart, body: { displayName: 'Adele' } };
    const body = JSON.stringify({ requests: [part] });
    expect((await stack.request('POST', '/v1.0/$batch', { body, headers })).status).toBe(status);
    expect(stack.graphRequests).toBe(0);
  });
});
