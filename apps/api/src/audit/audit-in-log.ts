import type { Logger } from 'pino';
import { AuditLog } from './audit-log.ts';
import type { AuditRecord } from './audit-record.ts';

/**
 * Lines of the log, marked with `audit: true` and written whatever its level is. They carry the
 * log's time. A stream does not say whether a line was kept: whoever must know names a file.
 */
export class AuditInLog extends AuditLog {
  readonly #log: Logger;

  constructor(log: Logger) {
    super();
    this.#log = log.child({ audit: true }, { level: 'info' });
  }

  override append(record: AuditRecord): Promise<void> {
    this.#log.info(record, 'audit');
    return Promise.resolve();
  }

  override unavailable(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
