import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});

describe('what operators ask', () => {
  it('GET /livez says that the process runs', async () => {
    expect((await stack.get('/livez')).status).toBe(200);
  });

  it('GET /readyz says that tokens can be verified and Graph can be asked', async () => {
    const { status, body } = await stack.readyWhen(({ status }) => status === 200);
    expect([status, body]).toEqual([200, { status: 'ready' }]);
  });

  it('GET /metrics counts requests by operation and status and names nobody', async () => {
    await stack.create();
    await stack.create({ token: null });
    const { text, headers } = await stack.get('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain(
      'bookings_http_requests_total{operation="createCustomer",status="201"} 1',
    );
    expect(text).toContain(
      'bookings_http_requests_total{operation="createCustomer",status="401"} 1',
    );
    expect(text).toContain(
      'bookings_http_request_duration_seconds_count{operation="createCustomer"} 2',
    );
    expect(text).toContain(
      'bookings_graph_request_duration_seconds_count{operation="createCustomer"} 1',
    );
    expect(text).toContain('bookings_http_requests_in_flight 1');
    expect(text).not.toMatch(/contoso|@|joni/i);
  });

  it('answers 503 at /readyz from the moment of draining on, and goes on serving', async () => {
    const other = await Stack.start();
    other.app.readiness.drain();
    const [ready, live, created] = [
      await other.get('/readyz'),
      await other.get('/livez'),
      await other.create(),
    ];
    await other.stop();
    expect([ready.status, live.status, created.status]).toEqual([503, 200, 201]);
    expect(ready.error).toMatchObject({
      code: 'ServiceUnavailable',
      message: 'Not ready: the process is shutting down.',
    });
  });

  it('keeps a failure of its own to the log', async () => {
    const other = await Stack.start();
    other.app.readiness.state = () => Promise.reject(new Error('secret cause'));
    const answer = await other.get('/readyz');
    const line = await other.lineOf(answer.headers.get('request-id'));
    await other.stop();
    expect([answer.status, answer.error['code']]).toEqual([500, 'InternalServerError']);
    expect(answer.text).not.toContain('secret cause');
    expect(JSON.stringify(line)).toContain('secret cause');
  });
});
