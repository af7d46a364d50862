import type { Log } from '../observability/logging.ts';
import { AuditLog } from './audit-log.ts';
import type { AuditRecord } from './audit-record.ts';

/** How long an intent may take to be written. */
const WRITE_TIMEOUT_MS = 2000;

/**
 * Writes audit records to the log, marked with `audit: true`, whatever the configured log level.
 * For an intent, `append` resolves once it has been written, so that it survives a crash.
 */
export class AuditInLog extends AuditLog {
  /** @param timeoutMs how long an intent may take to be written */
  constructor(
    private readonly log: Log,
    private readonly timeoutMs = WRITE_TIMEOUT_MS,
  ) {
    super();
  }

  override async append(record: AuditRecord): Promise<void> {
    this.log.audit(record);
    // A write must not be sent before its intent is written. Other records block nothing.
    if (record.record === 'intent') await this.#written();
    else await this.#accepted();
  }

  override async unavailable(): Promise<string | undefined> {
    try {
      await this.#written();
      return undefined;
    } catch {
      return 'writes are refused: the log, which holds the audit, cannot be written';
    }
  }

  override async close(): Promise<void> {
    await this.#written().catch(() => undefined);
  }

  /** Rejects if the last line was dropped. */
  #accepted(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.log.flush((error) => {
        if (error) reject(error);
      });
      resolve();
    });
  }

  /** Resolves when all previous lines have been written. */
  async #written(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      reject(new Error(`the log could not be written within ${this.timeoutMs} ms`));
    }, this.timeoutMs);
    this.log.flush((error) => {
      if (error) reject(error);
      else resolve(undefined);
    });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}
