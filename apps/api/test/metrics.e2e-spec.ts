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

(HAS_PROMTOOL ? it : it.skip)('promtool has no complaint about a metric', async () => {
  await stack.create();
  expect(complaintsAbout(await text())).toBe('');
});
