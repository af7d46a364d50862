import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS } from './documented.ts';
import { resetBefore, resetAfter, silenceBefore, silenceAfter } from './faults.ts';
import {
  ADELE,
  SETTLE_MS,
  createWithKey,
  newKey,
  useReconcilingStack,
} from './idempotent-requests.ts';
import { jsonObject } from './json.ts';
import { type RequestOptions } from './proxy-client.ts';

const stack = useReconcilingStack();
const create = (key: string, customer?: object, options?: RequestOptions) =>
  createWithKey(stack, key, customer, options);
const customers = () => stack.fake.customers(BUSINESS);

const AFTER_STORED: readonly Fault[] = [
  resetAfter(),
  silenceAfter(),
  { kind: 'truncate' },
  { kind: 'answer-after-stored', status: 503, body: { error: { code: 'x', message: '' } } },
  { kind: 'answer-after-stored', status: 500, body: 'no JSON' },
  { kind: 'answer-after-stored', status: 408, body: { error: { code: 'x', message: '' } } },
  { kind: 'answer-after-stored', status: 201 },
];
const BEFORE_STORED: readonly Fault[] = [
  resetBefore(),
  silenceBefore(),
  { kind: 'status', status: 503, body: { error: { code: 'x', message: '' } } },
  { kind: 'status', status: 408, body: { error: { code: 'x', message: '' } } },
];
const described = ({ kind, ...more }: Fault) => `${kind} ${Object.values(more).join(' ')}`;

describe('a create with a key whose response is lost', () => {
  it.each(AFTER_STORED.map((fault) => [described(fault), fault] as const))(
    'is found and returned after: %s',
    async (_title, fault) => {
      stack.fake.script([fault]);
      const key = newKey();
      const response = await create(key);
      expect([response.status, response.body['id']]).toEqual([201, customers()[0]?.id]);
      expect(response.headers.get('location')).toContain(String(response.body['id']));
      expect(customers()).toHaveLength(1);
      expect(stack.graphMethods).toEqual(['POST', 'GET']);
      const again = await create(key);
      expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([
        response.text,
        'true',
      ]);
    },
  );

  it.each(BEFORE_STORED.map((fault) => [described(fault), fault] as const))(
    'is looked up and sent again after: %s',
    async (_title, fault) => {
      stack.fake.script([fault]);
      const response = await create(newKey());
      expect(response.status).toBe(201);
      expect(customers()).toHaveLength(1);
      expect(stack.graphMethods).toEqual(['POST', 'GET', 'POST']);
    },
  );

  it('is looked up after the settling time', async () => {
    stack.fake.script([resetAfter()]);
    const begunMs = performance.now();
    await create(newKey());
    expect(performance.now() - begunMs).toBeGreaterThanOrEqual(SETTLE_MS);
  });

  it('is searched for in all pages of the list', async () => {
    for (let index = 0; index < 250; index += 1) {
      stack.fake.add(BUSINESS, { displayName: `Customer ${index}` });
    }
    stack.fake.script([resetAfter()]);
    const response = await create(newKey());
    expect([response.status, response.body['displayName']]).toEqual([201, 'Adele Vance']);
    expect(stack.graphMethods).toEqual(['POST', 'GET', 'GET', 'GET']);
  });

  it('does not adopt a customer that existed before', async () => {
    stack.fake.script([resetBefore()]);
    stack.fake.add(BUSINESS, ADELE, '2020-01-01T00:00:00Z');
    const response = await create(newKey());
    expect(response.status).toBe(201);
    expect(customers()).toHaveLength(2);
  });

  it('does not adopt the customer of another key', async () => {
    const first = await create(newKey());
    stack.fake.script([resetBefore()]);
    const second = await create(newKey());
    expect(second.status).toBe(201);
    expect(second.body['id']).not.toBe(first.body['id']);
    expect(customers()).toHaveLength(2);
  });

  it('is found by a retry after the client disconnected', async () => {
    stack.fake.script([silenceAfter()]);
    const key = newKey();
    const gone = new AbortController();
    const first = create(key, ADELE, { signal: gone.signal });
    await stack.fake.arrived(1);
    gone.abort();
    await expect(first).rejects.toThrow();
    await stack.app.whenIdle();
    const later = await create(key);
    expect(later.status).toBe(201);
    expect(customers()).toHaveLength(1);
  });

  it('shares one lookup with the other keys of the business', async () => {
    const lost = Array.from({ length: 4 }, () => resetAfter());
    // The other creates need a lookup while the first one is in progress.
    stack.fake.script([...lost, { kind: 'delay', delayMs: 500 }]);
    const names = ['Adele', 'Isaiah', 'Jordan', 'Patti'];
    const responses = await Promise.all(
      names.map((displayName) => create(newKey(), { displayName })),
    );
    expect(responses.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(customers()).toHaveLength(4);
    expect(stack.graphMethods.filter((method) => method === 'GET').length).toBeLessThanOrEqual(2);
  });

  it('is audited under the digest of its key', async () => {
    stack.fake.script([resetAfter()]);
    const key = newKey();
    const { body } = await create(key);
    await create(key);
    const records = stack.auditLines.map(jsonObject);
    expect(records.map(({ record, outcome, finding }) => [record, outcome ?? finding])).toEqual([
      ['intent', undefined],
      ['outcome', 'unknown'],
      ['look-up', 'found'],
      ['replay', undefined],
    ]);
    expect(new Set(records.map(({ keyDigest }) => keyDigest)).size).toBe(1);
    expect(records[2]?.['customerId']).toBe(body['id']);
    expect(stack.auditLines.join('') + stack.logLines.join('')).not.toMatch(/Adele|test-key-/);
  });

  it('is counted by its outcome', async () => {
    const count = async (outcome: string) =>
      stack.metric(`bookings_idempotency_creates_total{outcome="${outcome}"}`);
    const before = [await count('adopted'), await count('replayed')];
    stack.fake.script([resetAfter()]);
    const key = newKey();
    await create(key);
    await create(key);
    const after = [await count('adopted'), await count('replayed')];
    expect(after).toEqual(before.map((each) => each + 1));
    expect(
      await stack.metric('bookings_idempotency_look_ups_total{result="found"}'),
    ).toBeGreaterThan(0);
  });
});
