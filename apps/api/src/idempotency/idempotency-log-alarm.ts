import type { IdempotencyAlarm } from '@bookings/idempotency';
import { Injectable } from '@nestjs/common';
import { Log } from '../observability/logging.ts';

/** Logs what an operator must do. */
@Injectable()
export class IdempotencyLogAlarm implements IdempotencyAlarm {
  constructor(private readonly log: Log) {}

  /** @param keyDigest as in the audit and in the list of unknown keys */
  responseDamaged(keyDigest: string, requestId: string): void {
    this.log.write('recordDamaged', {
      'http.request.id': requestId,
      'bookings.key_digest': keyDigest,
    });
  }
}
