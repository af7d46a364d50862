import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../config/config.token.ts';
import { Metrics } from '../observability/metrics.ts';
import type { AuditKeyRecord, AuditOutcome } from './audit-record.ts';

/** Reports audit records that could not be appended. A lost record is also logged. */
@Injectable()
export class AuditAlarm {
  constructor(
    @Inject(LOGGER) private readonly log: Logger,
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
    const alarm = 'audit-outcome';
    this.log.error({ alarm, lost, err: cause }, 'an outcome could not be audited');
  }

  /** Nothing is refused, so the log keeps the record. */
  keyRecord({ business: _, ...lost }: AuditKeyRecord, cause: unknown): void {
    this.metrics.auditFailures.inc({ record: 'key' });
    const alarm = 'audit-key';
    this.log.error({ alarm, lost, err: cause }, 'a record of an Idempotency-Key was lost');
  }
}
