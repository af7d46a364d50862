import { describe, expect, it } from '@jest/globals';
import type { StoreStatistics } from '@bookings/idempotency';
import { Gauge } from 'prom-client';
import { InFlight } from './in-flight.ts';
import { Metrics } from './metrics.ts';

const UNKNOWN = 'bookings_idempotency_keys_unknown';

describe('the text of the metrics', () => {
  it('is rendered once for concurrent calls, and again for the next call', async () => {
    const metrics = new Metrics(new InFlight(), () =>
      Promise.resolve({ unknown: 3, guardedForMs: 1500 }),
    );
    let rendered = 0;
    new Gauge({
      name: 'times_rendered',
      help: 'How often the metrics were rendered.',
      registers: [metrics.registry],
      collect() {
        this.set((rendered += 1));
      },
    });
    const texts = await Promise.all(Array.from({ length: 1700 }, () => metrics.text()));
    expect([new Set(texts).size, rendered]).toEqual([1, 1]);
    expect(texts[0]?.toString()).toMatch(new RegExp(`^${UNKNOWN} 3$`, 'm'));
    expect(texts[0]?.toString()).toMatch(/^bookings_idempotency_guard_seconds 1.5$/m);
    metrics.requests.inc({ operation: 'probe', status: 200 });
    expect((await metrics.text()).toString()).toContain('{operation="probe",status="200"} 1');
    expect(rendered).toBe(2);
  });

  it('omits the metrics of an unavailable store until it is available again', async () => {
    let statistics: StoreStatistics | undefined = { unknown: 1, guardedForMs: 0 };
    const metrics = new Metrics(new InFlight(), () => Promise.resolve(statistics));
    expect((await metrics.text()).toString()).toContain(`${UNKNOWN} 1`);
    statistics = undefined;
    const text = (await metrics.text()).toString();
    expect(text).toContain('bookings_http_requests_in_flight');
    expect(text).not.toContain(UNKNOWN);
    statistics = { unknown: 2, guardedForMs: 0 };
    expect((await metrics.text()).toString()).toContain(`${UNKNOWN} 2`);
  });

  it('does not wait for a store that hangs, and queries it once', async () => {
    let queries = 0;
    const metrics = new Metrics(new InFlight(), () => {
      queries += 1;
      return new Promise(() => undefined);
    });
    for (let times = 0; times < 1000; times += 1) {
      expect((await metrics.text()).toString()).not.toContain(UNKNOWN);
    }
    expect(queries).toBe(1);
  });
});
