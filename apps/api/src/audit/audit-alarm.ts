import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../config/config.token.ts';
import { Metrics } from '../observability/metrics.ts';
import type { AuditKeyRecord, AuditOutcome } from './audit-record.ts';

/** Says that a record could not be appended: counted, and where it would be lost, logged. */
@Injectable()
export class AuditAlarm {
  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    private readonly metrics: Metrics,
  ) {}

  /** Its write was refused: the request's own log line says why. */
  intent(): void {
    this.metrics.auditFailures.inc({ record: 'intent' });
  }

  /** Its write has happened, or may have: the line holds what else nothing would. */
  outcome({ business: _, ...lost }: AuditOutcome, cause: unknown): void {
    this.metrics.auditFailures.inc({ record: 'outcome' });
    // The log names no business; the intent has it, under the same auditId.
    const alarm = 'audit-outcome';
    this.log.error({ alarm, lost, err: cause }, 'an outcome could not be audited');
  }

  /** Nothing was written, and nothing is refused: the line holds what nothing else would. */
  keyRecord({ business: _, ...lost }: AuditKeyRecord, cause: unknown): void {
    this.metrics.auditFailures.inc({ record: 'key' });
    const alarm = 'audit-key';
    this.log.error({ alarm, lost, err: cause }, 'a record of an Idempotency-Key was lost');
  }
}
