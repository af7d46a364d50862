import type { UpstreamRequest } from '@bookings/domain';
import type { IdempotencyAudit } from '@bookings/idempotency';
import { Injectable } from '@nestjs/common';
import { AuditAlarm } from './audit-alarm.ts';
import { AuditLog } from './audit-log.ts';
import { type AuditKeyRecord, keyRecordOf } from './audit-record.ts';

/**
 * Audits lookups and replays of an Idempotency-Key. A record that cannot be appended raises an alarm
 * and changes nothing.
 */
@Injectable()
export class KeyAudit implements IdempotencyAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly alarm: AuditAlarm,
  ) {}

  /** Never rejects. @param id of the customer that was found */
  lookedUp(
    business: string,
    request: UpstreamRequest,
    finding: NonNullable<AuditKeyRecord['finding']>,
    id: string | undefined,
  ): Promise<void> {
    return this.#append({ ...keyRecordOf('look-up', business, request, id), finding });
  }

  /** Never rejects. @param id of the customer in the response */
  replayed(business: string, request: UpstreamRequest, id: string): Promise<void> {
    return this.#append(keyRecordOf('replay', business, request, id));
  }

  async #append(record: AuditKeyRecord): Promise<void> {
    try {
      await this.audit.append(record);
    } catch (cause) {
      this.alarm.keyRecord(record, cause);
    }
  }
}
