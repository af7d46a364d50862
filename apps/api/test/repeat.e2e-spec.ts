import { describe, expect, it } from '@jest/globals';
import { BUSINESS, customersPath } from './documented.ts';
import { graphError, respond } from './faults.ts';
import { ADELE, newKey } from './idempotent-requests.ts';
import { REPEAT_SETTINGS, createUnkeyed } from './repeats.ts';
import { Stack, useFreshStack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';

const REQUEST_ID = { 'client-request-id': '5b1d6a52-0f5e-4c3b-8a55-3f1d2b1c9e10' };
const OTHER_ID = { 'client-request-id': '6c2e7b63-1a6f-4d4c-9b66-4a2e3c2d0f21' };
const MINUTE_MS = 60_000;

/** No attempt fails here. */
const MUCH_TIME = { GRAPH_ATTEMPT_TIMEOUT_MS: '10000', GRAPH_DEADLINE_MS: '20000' };

const stack = useFreshStack({ ...REPEAT_SETTINGS, ...MUCH_TIME });
const customers = () => stack.fake.customers(BUSINESS);
const create = (options: Parameters<typeof createUnkeyed>[1] = {}) => createUnkeyed(stack, options);

describe('a create without a key', () => {
  it.each(['1', '2', '00', '-1', 'x', '0, 1', ''])(
    'is looked up with Retry-Attempt "%s"',
    async (attempt) => {
      expect((await create({ attempt })).status).toBe(201);
      expect(stack.graphMethods).toEqual(['GET', 'POST']);
    },
  );

  it.each([undefined, '0'])('is sent at once with Retry-Attempt %s', async (attempt) => {
    expect((await create(attempt === undefined ? {} : { attempt })).status).toBe(201);
    expect(stack.graphMethods).toEqual(['POST']);
  });

  it.each([
    [14, 1],
    [16, 2],
  ])('that was made %i minutes ago leads to %i customers', async (minutes, count) => {
    const atMs = Date.now() - minutes * MINUTE_MS;
    const { id } = stack.fake.add(BUSINESS, ADELE, new Date(atMs).toISOString());
    const { status, body } = await create({ attempt: '1' });
    expect([status, body['id'] === id]).toEqual([201, count === 1]);
    expect(customers()).toHaveLength(count);
  });

  it('does not get a customer that was made before the attempt that left a record', async () => {
    stack.fake.add(BUSINESS, ADELE, new Date(Date.now() - MINUTE_MS).toISOString());
    stack.fake.script([respond(503, graphError('ServiceUnavailable'))]);
    await create();
    expect((await create({ attempt: '1' })).status).toBe(201);
    expect(customers()).toHaveLength(2);
  });

  it('counts as the create of another repeat when nothing tells them apart', async () => {
    const one = await create({ attempt: '1' });
    const two = await create({ attempt: '1' });
    expect([two.text, two.headers.get('idempotent-replayed')]).toEqual([one.text, 'true']);
    expect(one.headers.get('idempotent-replayed')).toBeNull();
    expect(customers()).toHaveLength(1);
  });

  it('counts as one with a large body, too', async () => {
    const address = { street: 'x'.repeat(256), city: 'y'.repeat(256) };
    const customer = { displayName: 'Large', addresses: Array.from({ length: 20 }, () => address) };
    const one = await create({ attempt: '1', customer });
    const two = await create({ attempt: '2', customer });
    expect([one.status, two.text]).toEqual([201, one.text]);
  });

  it.each<[string, object, object]>([
    ['client-request-id', { headers: REQUEST_ID }, { headers: OTHER_ID }],
    ['body', {}, { customer: { displayName: 'Isaiah Langer' } }],
  ])('is another one with another %s', async (_title, one, other) => {
    const first = await create({ attempt: '1', ...one });
    const second = await create({ attempt: '1', ...other });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body['id']).not.toBe(first.body['id']);
    expect((await create({ attempt: '2', ...one })).body['id']).toBe(first.body['id']);
  });

  it('is another one for another caller', async () => {
    const first = await create({ attempt: '1' });
    const token = await stack.fake.issueToken({
      roles: ['BookingsAppointment.ReadWrite.All'],
      appId: '99999999-0000-4000-8000-000000000000',
    });
    const second = await create({ attempt: '1', token });
    expect([second.status, customers().length]).toEqual([201, 2]);
    expect(second.body['id']).not.toBe(first.body['id']);
  });

  it('stays unknown when the list cannot settle it', async () => {
    stack.fake.add(BUSINESS, { ...ADELE, displayName: 'Adele V.' });
    const { status, innerError, headers } = await create({ attempt: '1' });
    expect([status, innerError['outcome']]).toEqual([504, 'unknown']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(stack.graphMethods).toEqual(['GET']);
  });

  it('gets 429 while the mailbox takes no more requests, and no list is read', async () => {
    const relay = new TcpRelay();
    const full = await Stack.start(async (fake) => ({
      ...(await relay.graphSettings(fake)),
      MAILBOX_CONCURRENCY: '1',
      MAILBOX_QUEUE_LIMIT: '0',
    }));
    relay.hold();
    const other = createUnkeyed(full, { customer: { displayName: 'Other' } });
    await full.fake.arrived(1);
    const { status, error, headers } = await createUnkeyed(full, { attempt: '1' });
    expect([status, error['code']]).toEqual([429, 'TooManyRequests']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    relay.release();
    await other;
    expect(full.graphMethods).toEqual(['POST']);
    expect((await createUnkeyed(full, { attempt: '2' })).status).toBe(201);
    await full.stop();
  });

  it("gets Graph's refusal when the list shows no customer", async () => {
    stack.fake.script([{ kind: 'pass' }, respond(403, graphError('ErrorAccessDenied'))]);
    expect((await create({ attempt: '1' })).status).toBe(403);
    expect((await create({ attempt: '2' })).status).toBe(201);
    expect(customers()).toHaveLength(1);
  });
});

describe('Retry-Attempt', () => {
  it('changes nothing for a create with a key', async () => {
    const headers = { 'idempotency-key': newKey() };
    expect((await create({ attempt: '1', headers })).status).toBe(201);
    expect(stack.graphMethods).toEqual(['POST']);
  });

  it('changes nothing for other operations, and does not reach Graph', async () => {
    const { id } = stack.fake.add(BUSINESS, ADELE);
    const headers = { 'retry-attempt': '1' };
    const path = `${customersPath()}/${id}`;
    const body = JSON.stringify({ displayName: 'A. Vance' });
    expect((await stack.request('PATCH', path, { headers, body })).status).toBe(200);
    expect((await stack.request('GET', path, { headers })).status).toBe(200);
    expect((await stack.request('DELETE', path, { headers })).status).toBe(204);
    expect(stack.graphMethods).toEqual(['PATCH', 'GET', 'DELETE']);
    await create({ attempt: '1' });
    const names = stack.fake.requests().requests.flatMap(({ headers: sent }) => Object.keys(sent));
    expect(names).not.toContain('retry-attempt');
  });
});
