import { describe, expect, it } from '@jest/globals';
import { isReady } from './hanging.ts';
import { Stack, useStack } from './stack.ts';

const stack = useStack();

describe('the endpoints for operators', () => {
  it('GET /livez reports that the process is alive', async () => {
    expect((await stack.get('/livez')).status).toBe(200);
  });

  it('GET /readyz reports that tokens can be verified and obtained', async () => {
    const { status, body } = await stack.readyWhen(isReady);
    expect([status, body]).toEqual([200, { status: 'ready' }]);
  });

  it('GET /metrics counts requests by operation and status, without personal data', async () => {
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
      'bookings_http_request_duration_seconds_count{operation="createCustomer",status_class="4xx"} 1',
    );
    expect(text).toContain(
      'bookings_graph_request_duration_seconds_count{operation="createCustomer",status_class="2xx"} 1',
    );
    expect(text).toContain('bookings_http_requests_in_flight 1');
    expect(text).not.toMatch(/contoso|@|joni/i);
  });

  it('GET /readyz returns 503 while the process shuts down, and other requests are served', async () => {
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

  it('an internal error is logged but not revealed', async () => {
    const other = await Stack.start();
    other.app.readiness.state = () => Promise.reject(new Error('secret cause'));
    const response = await other.get('/readyz');
    const line = await other.lineOf(response.headers.get('request-id'));
    await other.stop();
    expect([response.status, response.error['code']]).toEqual([500, 'InternalServerError']);
    expect(response.text).not.toContain('secret cause');
    expect(JSON.stringify(line)).toContain('secret cause');
  });
});
