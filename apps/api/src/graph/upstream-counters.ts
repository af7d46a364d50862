import { REFUSAL_REASONS, type RefusalReason, type UpstreamEvents } from '@bookings/graph-client';
import { statusClass } from '../observability/metrics.ts';
import type { UpstreamMetrics } from '../observability/upstream-metrics.ts';

/** Counts what happens on the way to Graph. */
export class UpstreamCounters implements UpstreamEvents {
  constructor(private readonly metrics: UpstreamMetrics) {
    // Starts at zero, so that an alert sees the first event as an increase.
    for (const reason of REFUSAL_REASONS) metrics.refusals.inc({ reason }, 0);
  }

  admitted(queuedMs: number): void {
    this.metrics.queueDuration.observe(queuedMs / 1000);
  }

  refused(reason: RefusalReason): void {
    this.metrics.refusals.inc({ reason });
    this.metrics.throttled.inc({ by: 'proxy' });
  }

  paused(): void {
    this.metrics.pauses.inc();
  }

  attempted(result: number | 'lost' | 'not-sent'): void {
    this.metrics.attempts.inc({
      result: typeof result === 'number' ? statusClass(result) : result,
    });
  }

  throttled(): void {
    this.metrics.throttled.inc({ by: 'graph' });
  }

  repeatRefused(): void {
    this.metrics.repeatsRefused.inc();
  }
}
