import { describe, expect, it } from '@jest/globals';
import { customersPath } from './documented.ts';
import { graphError, resetAfter, respond } from './faults.ts';
import { HAS_PROMTOOL, complaintsAbout } from './promtool.ts';
import { useFreshStack } from './stack.ts';

const stack = useFreshStack();
const text = async () => (await stack.get('/metrics')).text;

describe('the requests in the metrics', () => {
  it('tell probes, unknown paths and other paths from operations', async () => {
    await stack.get('/livez');
    await stack.get('/wp-login.php');
    await stack.request('PUT', customersPath());
    await stack.get('/openapi.json');
    const metrics = await text();
    for (const line of [
      '{operation="probe",status="200"} 1',
      '{operation="unknown-path",status="404"} 1',
      '{operation="unknown-path",status="405"} 1',
      '{operation="other",status="200"} 1',
    ]) {
      expect(metrics).toContain(`bookings_http_requests_total${line}`);
    }
    expect(metrics).toContain('{operation="unknown-path",status_class="4xx"} 2');
  });
});

describe('the attempts at Graph in the metrics', () => {
  it('are counted by the class of the status, and apart when no answer came', async () => {
    await stack.create();
    stack.fake.script([respond(400, graphError('BadRequest')), resetAfter()]);
    await stack.create();
    await stack.create();
    await stack.fake.close();
    await stack.create();
    const attempts = (result: string) =>
      stack.metric(`bookings_graph_attempts_total{result="${result}"}`);
    expect(await attempts('2xx')).toBe(1);
    expect(await attempts('4xx')).toBe(1);
    expect(await attempts('lost')).toBe(1);
    expect(await attempts('not-sent')).toBeGreaterThan(0);
    expect(await attempts('5xx')).toBe(0);
  });
});

describe('members of responses that are not as the model has them', () => {
  const customer = {
    '@odata.type': '#microsoft.graph.bookingCustomer',
    id: 'c1',
    displayName: 'Joni Sherman',
    emailAddress: null,
    addresses: [],
    phones: [],
  };
  const list = (query = '') => stack.request('GET', `${customersPath()}${query}`);
  const count = (member: string, difference: string) =>
    stack.metric(
      `bookings_graph_unexpected_members_total{member="${member}",difference="${difference}"}`,
    );

  it('are none in what the fake answers', async () => {
    await stack.create();
    expect((await list()).status).toBe(200);
    expect((await list('?$select=id')).status).toBe(200);
    expect(await text()).not.toContain('bookings_graph_unexpected_members_total{');
  });

  it('are not expected in the answer to an update', async () => {
    const { phones: _phones, addresses: _addresses, ...rest } = customer;
    stack.fake.script([respond(200, rest)]);
    const update = { body: JSON.stringify({ displayName: 'Joni Sherman' }) };
    expect((await stack.request('PATCH', `${customersPath()}/c1`, update)).status).toBe(200);
    expect(await text()).not.toContain('bookings_graph_unexpected_members_total{');
  });

  it('are counted once for each response, by name and without values', async () => {
    const { phones: _phones, ...rest } = customer;
    const strange = { ...rest, unheardOf: 'secret-value', addresses: [{ floor: 1 }, { floor: 2 }] };
    const page = { value: [strange, strange, { ...customer, 'jonis@relecloud.com': 1 }] };
    stack.fake.script([respond(200, page), respond(201, strange)]);
    expect((await list()).status).toBe(200);
    await stack.create();
    expect(await count('unheardOf', 'unknown')).toBe(2);
    expect(await count('addresses.floor', 'unknown')).toBe(2);
    expect(await count('phones', 'missing')).toBe(2);
    expect(await count('other', 'unknown')).toBe(1);
    expect(await text()).not.toMatch(/secret-value|relecloud/);
  });

  it('have at most 20 names as labels', async () => {
    const extra = Object.fromEntries(Array.from({ length: 30 }, (_each, at) => [`a${at}`, 1]));
    stack.fake.script([respond(200, { value: [{ ...customer, ...extra }] })]);
    await list();
    const metrics = await text();
    expect(metrics.match(/^bookings_graph_unexpected_members_total\{.*$/gm)).toHaveLength(21);
    expect(await count('other', 'unknown')).toBe(10);
  });
});

(HAS_PROMTOOL ? it : it.skip)('promtool has no complaint about a metric', async () => {
  await stack.create();
  expect(complaintsAbout(await text())).toBe('');
});
