import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isObject } from '@bookings/domain';
import { AuditLog } from './audit-log.ts';
import type { AuditRecord } from './audit-record.ts';

/** How long an intent may take to be written. */
const WRITE_TIMEOUT_MS = 2000;
/** The same for a probe, whose caller waits less long. */
const PROBE_TIMEOUT_MS = 400;

/**
 * Lines of the log, marked with `audit: true` and written at every log level. They carry the log's
 * time. An intent has been written when `append` resolves; a line that was written to a pipe is with
 * the operating system and outlives the process.
 */
export class AuditInLog extends AuditLog {
  readonly #log: Logger;
  /** The flush that is under way, and the one that begins after it. */
  #flushing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** @param timeoutMs how long an intent may take to be written */
  constructor(
    log: Logger,
    private readonly timeoutMs = WRITE_TIMEOUT_MS,
  ) {
    super();
    this.#log = log.child({ audit: true }, { level: 'info' });
  }

  override async append(record: AuditRecord): Promise<void> {
    this.#log.info(record, 'audit');
    // Nothing may be sent before its intent is written. An outcome changes nothing any more.
    if (record.record === 'intent') await this.#written(this.timeoutMs);
  }

  override async unavailable(): Promise<string | undefined> {
    try {
      await this.#written(PROBE_TIMEOUT_MS);
      return undefined;
    } catch {
      return 'writes are refused: the log, which holds the audit, cannot be written';
    }
  }

  override async close(): Promise<void> {
    await this.#written(this.timeoutMs).catch(() => undefined);
  }

  /** Resolves when every line so far has been written. */
  async #written(timeoutMs: number): Promise<void> {
    this.#next ??= this.#flushing
      .catch(() => undefined)
      .then(() => {
        this.#flushing = this.#flush();
        this.#next = undefined;
        return this.#flushing;
      });
    const late = new AbortController();
    const timeout = sleep(timeoutMs, undefined, { signal: late.signal }).then(() => {
      throw new Error(`the log took nothing within ${timeoutMs} ms`);
    });
    try {
      await Promise.race([this.#next, timeout]);
    } finally {
      late.abort();
      timeout.catch(() => undefined);
    }
  }

  #flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#log.flush((error) => {
        // A pipe has nothing to synchronize with a disk.
        if (error === undefined || codeOf(error) === 'EINVAL') resolve();
        else reject(error);
      });
    });
  }
}

function codeOf(error: unknown): unknown {
  return isObject(error) ? error['code'] : undefined;
}
