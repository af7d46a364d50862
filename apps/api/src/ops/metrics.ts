import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { InFlight } from './in-flight.ts';

/** Seconds; from a create that Graph answers at once to one that uses the whole deadline. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];

/** Labels hold operations, statuses and codes: nothing of callers, businesses or customers. */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Counter({
    name: 'bookings_http_requests_total',
    help: 'Requests by operation and status; 499 is a caller that went away.',
    labelNames: ['operation', 'status'] as const,
    registers: [this.registry],
  });

  readonly duration = new Histogram({
    name: 'bookings_http_request_duration_seconds',
    help: 'From the arrival of the headers to the end of the answer.',
    labelNames: ['operation'] as const,
    buckets: BUCKETS,
    registers: [this.registry],
  });

  readonly upstreamDuration = new Histogram({
    name: 'bookings_graph_request_duration_seconds',
    help: 'From the first attempt at Graph to the last answer, pauses included.',
    labelNames: ['operation'] as const,
    buckets: BUCKETS,
    registers: [this.registry],
  });

  readonly auditFailures = new Counter({
    name: 'bookings_audit_failures_total',
    help: 'Audit records that could not be written: an intent refuses its write, an outcome is in the log.',
    labelNames: ['record'] as const,
    registers: [this.registry],
  });

  constructor(inFlight: InFlight) {
    collectDefaultMetrics({ register: this.registry });
    // From the start, so that an alert sees the first one as an increase.
    for (const record of ['intent', 'outcome']) this.auditFailures.inc({ record }, 0);
    new Gauge({
      name: 'bookings_http_requests_in_flight',
      help: 'Requests that have arrived and are not answered.',
      registers: [this.registry],
      collect() {
        this.set(inFlight.count);
      },
    });
  }
}
