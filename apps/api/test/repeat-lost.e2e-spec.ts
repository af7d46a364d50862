import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS } from './documented.ts';
import {
  graphError,
  resetAfter,
  resetBefore,
  respond,
  silenceAfter,
  silenceBefore,
  throttle,
} from './faults.ts';
import { STORES, createUnkeyed, repeatUntilKnown } from './repeats.ts';
import { useStack } from './stack.ts';

const afterStored = (status: number, body?: unknown): Fault => ({
  kind: 'answer-after-stored',
  status,
  ...(body !== undefined && { body }),
});
const AFTER_STORED: readonly Fault[] = [
  resetAfter(),
  silenceAfter(),
  { kind: 'truncate' },
  afterStored(503, graphError('ServiceUnavailable')),
  afterStored(504, graphError('GatewayTimeout')),
  afterStored(500, 'no JSON'),
  afterStored(408, graphError('Timeout')),
  afterStored(201),
];
const BEFORE_STORED: readonly Fault[] = [
  resetBefore(),
  silenceBefore(),
  respond(503, graphError('ServiceUnavailable')),
  respond(504, graphError('GatewayTimeout')),
  respond(408, graphError('Timeout')),
];
const described = ({ kind, ...more }: Fault) => `${kind} ${Object.values(more).join(' ')}`;
const titled = (faults: readonly Fault[]) =>
  faults.map((fault) => [described(fault), fault] as const);

describe.each(STORES)('a create without a key whose answer is lost, with %s', (store, settings) => {
  const stack = useStack(settings);
  // Each test has a customer of its own: the store outlives the customers of the fake.
  const customers = () => stack.fake.customers(BUSINESS);

  it.each(titled(AFTER_STORED))('is found by a repeat after: %s', async (displayName, fault) => {
    const customer = { displayName };
    stack.fake.script([fault]);
    const lost = await createUnkeyed(stack, { customer });
    expect(lost.innerError['outcome']).toBe('unknown');
    const found = await createUnkeyed(stack, { customer, attempt: '1' });
    expect([found.status, found.body['id']]).toEqual([201, customers()[0]?.id]);
    expect(found.headers.get('location')).toContain(String(found.body['id']));
    expect(customers()).toHaveLength(1);
    expect(stack.graphMethods).toEqual(['POST', 'GET']);
    const again = await createUnkeyed(stack, { customer, attempt: '2' });
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([found.text, 'true']);
  });

  it.each(titled(BEFORE_STORED))('is sent by a repeat after: %s', async (displayName, fault) => {
    stack.fake.script([fault]);
    const customer = { displayName };
    expect((await createUnkeyed(stack, { customer })).innerError['outcome']).toBe('unknown');
    expect((await createUnkeyed(stack, { customer, attempt: '1' })).status).toBe(201);
    expect(customers()).toHaveLength(1);
    expect(stack.graphMethods).toEqual(['POST', 'GET', 'POST']);
  });

  it('is in progress until Graph has answered, although its caller has left', async () => {
    const customer = { displayName: `Left with ${store}` };
    stack.fake.script([{ kind: 'delay', delayMs: 700 }]);
    const caller = new AbortController();
    const left = createUnkeyed(stack, { customer, signal: caller.signal });
    await stack.fake.arrived(1);
    caller.abort();
    await expect(left).rejects.toThrow();
    const early = await createUnkeyed(stack, { customer, attempt: '1' });
    expect([early.status, early.error['code']]).toEqual([409, 'IdempotencyKeyInUse']);
    expect(early.headers.get('retry-after')).toBe('1');
    await stack.app.whenIdle();
    const found = await createUnkeyed(stack, { customer, attempt: '2' });
    expect([found.status, found.body['id']]).toEqual([201, customers()[0]?.id]);
    expect(stack.graphMethods).toEqual(['POST', 'GET']);
  });

  it('is found by a repeat when the 201 does not reach the caller', async () => {
    const customer = { displayName: `Delivered with ${store}` };
    const created = await createUnkeyed(stack, { customer });
    const { first, last } = await repeatUntilKnown(stack, { customer });
    // Another process may have sent the attempt before, and it may still run.
    expect(first.status).toBe(store === 'PostgreSQL' ? 504 : 201);
    expect([last.status, last.body['id']]).toEqual([201, created.body['id']]);
    expect(customers()).toHaveLength(1);
  });

  it('is sent by a repeat after a 429', async () => {
    const customer = { displayName: `Throttled with ${store}` };
    stack.fake.script([throttle(3)]);
    expect((await createUnkeyed(stack, { customer })).status).toBe(429);
    const { first, last } = await repeatUntilKnown(stack, { customer });
    expect(first.status).toBe(store === 'PostgreSQL' ? 504 : 201);
    expect(last.status).toBe(201);
    expect(customers()).toHaveLength(1);
  });
});
