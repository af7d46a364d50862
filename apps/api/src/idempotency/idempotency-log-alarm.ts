import type { IdempotencyAlarm } from '@bookings/idempotency';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../config/config.token.ts';

/** Logs what an operator must do. */
@Injectable()
export class IdempotencyLogAlarm implements IdempotencyAlarm {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  /** @param keyDigest as in the audit and in the list of unknown keys */
  responseDamaged(keyDigest: string): void {
    const alarm = 'idempotency-record';
    this.log.error({ alarm, keyDigest }, 'the stored record of a create is damaged');
  }
}
