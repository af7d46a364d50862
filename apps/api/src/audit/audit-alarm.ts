import { Injectable } from '@nestjs/common';
import { errorFields } from '../observability/error-fields.ts';
import { Log } from '../observability/logging.ts';
import { Metrics } from '../observability/metrics.ts';
import type { AuditKeyRecord, AuditOutcome } from './audit-record.ts';

/** Reports audit records that could not be appended. A lost record is also logged. */
@Injectable()
export class AuditAlarm {
  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** The write was refused. The log line of the request has the cause. */
  intent(): void {
    this.metrics.auditFailures.inc({ record: 'intent' });
  }

  /** The write has happened or may have happened, so the log keeps the record. */
  outcome({ business: _, ...lost }: AuditOutcome, cause: unknown): void {
    this.metrics.auditFailures.inc({ record: 'outcome' });
    // The log contains no business. The intent with the same auditId has it.
    this.log.write('auditOutcomeLost', { 'bookings.lost': lost, ...errorFields(cause) });
  }

  /** Nothing is refused, so the log keeps the record. */
  keyRecord({ business: _, ...lost }: AuditKeyRecord, cause: unknown): void {
    this.metrics.auditFailures.inc({ record: 'key' });
    this.log.write('auditKeyLost', { 'bookings.lost': lost, ...errorFields(cause) });
  }
}
