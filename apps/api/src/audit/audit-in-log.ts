import type { Logger } from 'pino';
import { type WriteLine, usualLines } from '../log/usual-lines.ts';
import { AuditLog } from './audit-log.ts';
import type { AuditRecord } from './audit-record.ts';

/**
 * Lines of the log, marked with `audit: true` and written whatever its level is. They carry the
 * log's time. A stream does not say whether a line was kept: whoever must know names a file.
 */
export class AuditInLog extends AuditLog {
  readonly #write: WriteLine;

  constructor(log: Logger) {
    super();
    this.#write = usualLines(log, 'audit', { audit: true }, true);
  }

  override append(record: AuditRecord): undefined {
    this.#write('info', record);
  }

  override unavailable(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
