import type { UpstreamRequest } from '@bookings/domain';
import type { IdempotencyAudit } from '@bookings/idempotency';
import { Injectable } from '@nestjs/common';
import { AuditAlarm } from './audit-alarm.ts';
import { AuditLog } from './audit-log.ts';
import { type AuditKeyRecord, keyRecordOf } from './audit-record.ts';

/**
 * What becomes of an Idempotency-Key beside the writes under it: what was looked up, and who got the
 * answer again. A record that cannot be kept raises an alarm and changes nothing.
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

  /** Never rejects. @param id of the customer in the answer */
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
