import type { MemberDifferences } from '@bookings/domain';
import { REFUSAL_REASONS, type RefusalReason, type UpstreamEvents } from '@bookings/graph-client';
import { BoundedNames } from '../observability/bounded-names.ts';
import { statusClass } from '../observability/metrics.ts';
import type { UpstreamMetrics } from '../observability/upstream-metrics.ts';

/** Each name is a label, so there must not be many. */
const MAX_MEMBERS = 20;

/** Counts what happens on the way to Graph. */
export class UpstreamCounters implements UpstreamEvents {
  readonly #members = new BoundedNames(MAX_MEMBERS);

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

  membersDiffer(differences: MemberDifferences): void {
    for (const difference of ['unknown', 'missing'] as const) {
      for (const name of differences[difference]) {
        this.metrics.unexpectedMembers.inc({ member: this.#members.label(name), difference });
      }
    }
  }
}
