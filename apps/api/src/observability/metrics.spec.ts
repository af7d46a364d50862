import { describe, expect, it } from '@jest/globals';
import { Gauge } from 'prom-client';
import { InFlight } from './in-flight.ts';
import { Metrics } from './metrics.ts';

const UNKNOWN = 'bookings_idempotency_keys_unknown';

describe('the text of the metrics', () => {
  it('is made once for all that ask at the same time, and again for the next', async () => {
    const metrics = new Metrics(new InFlight(), () => Promise.resolve(3));
    let made = 0;
    new Gauge({
      name: 'times_made',
      help: 'How often it was made.',
      registers: [metrics.registry],
      collect() {
        this.set((made += 1));
      },
    });
    const texts = await Promise.all(Array.from({ length: 1700 }, () => metrics.text()));
    expect([new Set(texts).size, made]).toEqual([1, 1]);
    expect(texts[0]?.toString()).toMatch(new RegExp(`^${UNKNOWN} 3$`, 'm'));
    metrics.requests.inc({ operation: 'none', status: 200 });
    expect((await metrics.text()).toString()).toContain('{operation="none",status="200"} 1');
    expect(made).toBe(2);
  });

  it('leaves out what the store cannot say, and has it again when it can', async () => {
    let unknown: number | undefined = 1;
    const metrics = new Metrics(new InFlight(), () => Promise.resolve(unknown));
    expect((await metrics.text()).toString()).toContain(`${UNKNOWN} 1`);
    unknown = undefined;
    const text = (await metrics.text()).toString();
    expect(text).toContain('bookings_http_requests_in_flight');
    expect(text).not.toContain(UNKNOWN);
    unknown = 2;
    expect((await metrics.text()).toString()).toContain(`${UNKNOWN} 2`);
  });

  it('does not wait for a store that hangs, and asks it once', async () => {
    let asked = 0;
    const metrics = new Metrics(new InFlight(), () => {
      asked += 1;
      return new Promise(() => undefined);
    });
    for (let times = 0; times < 1000; times += 1) {
      expect((await metrics.text()).toString()).not.toContain(UNKNOWN);
    }
    expect(asked).toBe(1);
  });
});
