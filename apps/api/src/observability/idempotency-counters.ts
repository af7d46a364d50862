import type { IdempotencyMetrics, IdempotentOutcome, LookupResult } from '@bookings/idempotency';
import { Injectable } from '@nestjs/common';
import { Metrics } from './metrics.ts';

/** Counts the outcomes of idempotent creates. */
@Injectable()
export class IdempotencyCounters implements IdempotencyMetrics {
  constructor(private readonly metrics: Metrics) {}

  created(outcome: IdempotentOutcome): void {
    this.metrics.idempotentCreates.inc({ outcome });
  }

  lookedUp(result: LookupResult): void {
    this.metrics.lookups.inc({ result });
  }

  tookOver(): void {
    this.metrics.keyTakeovers.inc();
  }
}
