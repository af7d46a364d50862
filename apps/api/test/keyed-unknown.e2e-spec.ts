import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { type Answer, BUSINESS, Stack, jsonObject } from './stack.ts';

/** Short, so that a look-up and another attempt fit one request. */
const SETTLE_MS = 150;
let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({
    IDEMPOTENCY_SETTLE_MS: String(SETTLE_MS),
    GRAPH_ATTEMPT_TIMEOUT_MS: '1000',
    GRAPH_DEADLINE_MS: '4000',
  });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
  stack.auditLines.length = 0;
});

let keys = 0;
const newKey = () => `unknown-${(keys += 1)}`;
const ADELE = { displayName: 'Adele Vance', emailAddress: 'adelev@proseware.com' };
const create = (key: string, customer: object = ADELE, more: { signal?: AbortSignal } = {}) =>
  stack.create({
    headers: { 'idempotency-key': key },
    body: JSON.stringify(customer),
    ...more,
  });
const customers = () => stack.fake.customers(BUSINESS);
/** Methods of what reached Graph, in order. */
const methods = () => stack.fake.requests().requests.map(({ method }) => method);
const metric = async (name: string): Promise<number> => {
  const line = (await stack.get('/metrics')).text.split('\n').find((each) => each.startsWith(name));
  return Number(line?.split(' ').at(-1));
};

const AFTER_STORED: readonly Fault[] = [
  { kind: 'reset', when: 'after-stored' },
  { kind: 'silence', when: 'after-stored' },
  { kind: 'truncate' },
  { kind: 'answer-after-stored', status: 503, body: { error: { code: 'x', message: '' } } },
  { kind: 'answer-after-stored', status: 500, body: 'no JSON' },
  { kind: 'answer-after-stored', status: 408, body: { error: { code: 'x', message: '' } } },
  { kind: 'answer-after-stored', status: 201 },
];
const BEFORE_STORED: readonly Fault[] = [
  { kind: 'reset', when: 'before-stored' },
  { kind: 'silence', when: 'before-stored' },
  { kind: 'status', status: 503, body: { error: { code: 'x', message: '' } } },
  { kind: 'status', status: 408, body: { error: { code: 'x', message: '' } } },
];
const described = ({ kind, ...more }: Fault) => `${kind} ${Object.values(more).join(' ')}`;

describe('a keyed create whose answer is lost', () => {
  it.each(AFTER_STORED.map((fault) => [described(fault), fault] as const))(
    'is found and answered after: %s',
    async (_title, fault) => {
      stack.fake.script([fault]);
      const key = newKey();
      const answer = await create(key);
      expect([answer.status, answer.body['id']]).toEqual([201, customers()[0]?.id]);
      expect(answer.headers.get('location')).toContain(String(answer.body['id']));
      expect(customers()).toHaveLength(1);
      expect(methods()).toEqual(['POST', 'GET']);
      const again = await create(key);
      expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([answer.text, 'true']);
    },
  );

  it.each(BEFORE_STORED.map((fault) => [described(fault), fault] as const))(
    'is looked for and sent once more after: %s',
    async (_title, fault) => {
      stack.fake.script([fault]);
      const answer = await create(newKey());
      expect(answer.status).toBe(201);
      expect(customers()).toHaveLength(1);
      expect(methods()).toEqual(['POST', 'GET', 'POST']);
    },
  );

  it('waits for the settling time before it looks', async () => {
    stack.fake.script([{ kind: 'reset', when: 'after-stored' }]);
    const begunMs = performance.now();
    await create(newKey());
    expect(performance.now() - begunMs).toBeGreaterThanOrEqual(SETTLE_MS);
  });

  it('reads the list to its end', async () => {
    for (let index = 0; index < 250; index += 1) {
      stack.fake.add(BUSINESS, stored({ displayName: `Somebody ${index}` }));
    }
    stack.fake.script([{ kind: 'reset', when: 'after-stored' }]);
    const answer = await create(newKey());
    expect([answer.status, answer.body['displayName']]).toEqual([201, 'Adele Vance']);
    expect(methods()).toEqual(['POST', 'GET', 'GET', 'GET']);
  });

  it('takes no customer that was there before', async () => {
    stack.fake.script([{ kind: 'reset', when: 'before-stored' }]);
    stack.fake.add(BUSINESS, stored(ADELE), '2020-01-01T00:00:00Z');
    const answer = await create(newKey());
    expect(answer.status).toBe(201);
    expect(customers()).toHaveLength(2);
  });

  it('takes no customer of another key', async () => {
    const first = await create(newKey());
    stack.fake.script([{ kind: 'reset', when: 'before-stored' }]);
    const second = await create(newKey());
    expect(second.status).toBe(201);
    expect(second.body['id']).not.toBe(first.body['id']);
    expect(customers()).toHaveLength(2);
  });

  it('stays unknown where a customer agrees in part, until it does not', async () => {
    stack.fake.script([{ kind: 'reset', when: 'before-stored' }]);
    const other = stack.fake.add(BUSINESS, stored({ ...ADELE, displayName: 'Adele V.' }));
    const key = newKey();
    const answer = await create(key);
    expect(unknown(answer)).toEqual([504, 'GatewayTimeout', 'unknown', 'proxy']);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(methods()).toEqual(['POST', 'GET']);
    expect(await metric('bookings_idempotency_keys_unknown')).toBeGreaterThan(0);
    expect((await create(key, { displayName: 'x' })).status).toBe(422);
    await stack.ask(
      'DELETE',
      `/v1.0/solutions/bookingBusinesses/${BUSINESS}/customers/${other.id}`,
    );
    const later = await create(key);
    expect([later.status, later.body['displayName']]).toEqual([201, 'Adele Vance']);
    expect(customers()).toHaveLength(1);
  });

  it.each<[string, readonly Fault[]]>([
    [
      'is refused',
      [{ kind: 'status', status: 403, body: { error: { code: 'No', message: 'x' } } }],
    ],
    ['breaks off', [{ kind: 'reset', when: 'before-stored', times: 5 }]],
    ['is no list', [{ kind: 'status', status: 200, body: { value: 'none' } }]],
    ['holds what is no customer', [{ kind: 'status', status: 200, body: { value: [null] } }]],
  ])('stays unknown when the list %s, and is found later', async (_title, faults) => {
    stack.fake.script([{ kind: 'reset', when: 'after-stored' }, ...faults]);
    const key = newKey();
    expect(unknown(await create(key))).toEqual([504, 'GatewayTimeout', 'unknown', 'proxy']);
    stack.fake.script([]);
    const later = await create(key);
    expect([later.status, later.body['id']]).toEqual([201, customers()[0]?.id]);
    expect(customers()).toHaveLength(1);
  });

  it('is not told that Graph refused it as long as an earlier attempt may have done it', async () => {
    const refusal = { error: { code: 'ErrorQuota', message: 'no more' } };
    stack.fake.script([
      { kind: 'reset', when: 'before-stored' },
      { kind: 'pass' },
      { kind: 'status', status: 403, body: refusal },
    ]);
    const key = newKey();
    const answer = await create(key);
    expect(unknown(answer)).toEqual([504, 'GatewayTimeout', 'unknown', 'proxy']);
    expect(answer.error['details']).toEqual([{ code: 'ErrorQuota', message: 'no more' }]);
    expect((await create(key)).status).toBe(201);
    expect(customers()).toHaveLength(1);
  });

  it('is found by the next question when its caller did not wait', async () => {
    stack.fake.script([{ kind: 'silence', when: 'after-stored' }]);
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

  it('is looked for once for all keys of the business that wait', async () => {
    const lost = Array.from(
      { length: 4 },
      () => ({ kind: 'reset', when: 'after-stored' }) as const,
    );
    // While the first list is read the others come to need one.
    stack.fake.script([...lost, { kind: 'delay', delayMs: 500 }]);
    const names = ['Adele', 'Isaiah', 'Jordan', 'Patti'];
    const answers = await Promise.all(
      names.map((displayName) => create(newKey(), { displayName })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(customers()).toHaveLength(4);
    expect(methods().filter((method) => method === 'GET').length).toBeLessThanOrEqual(2);
  });

  it('audits what was done under the key, without a name', async () => {
    stack.fake.script([{ kind: 'reset', when: 'after-stored' }]);
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
    expect(stack.auditLines.join('') + stack.logLines.join('')).not.toMatch(/Adele|unknown-/);
  });

  it('is counted by what became of it', async () => {
    const count = async (outcome: string) =>
      metric(`bookings_idempotency_creates_total{outcome="${outcome}"}`);
    const before = [await count('adopted'), await count('replayed')];
    stack.fake.script([{ kind: 'reset', when: 'after-stored' }]);
    const key = newKey();
    await create(key);
    await create(key);
    const after = [await count('adopted'), await count('replayed')];
    expect(after).toEqual(before.map((each) => each + 1));
    expect(await metric('bookings_idempotency_look_ups_total{result="found"}')).toBeGreaterThan(0);
  });
});

/** As Graph keeps it. */
function stored(customer: { displayName: string; emailAddress?: string }) {
  return { emailAddress: null, addresses: [], phones: [], ...customer };
}

function unknown({ status, error, innerError }: Answer): unknown[] {
  return [status, error['code'], innerError['outcome'], innerError['origin']];
}
