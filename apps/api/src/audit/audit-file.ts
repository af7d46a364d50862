import { AuditLog } from './audit-log.ts';
import type { AuditRecord } from './audit-record.ts';
import { AppendError, LineFile } from './line-file.ts';

/** How long an append may take, for example on a disk that hangs. */
const APPEND_TIMEOUT_MS = 2000;
/** How long a probe may take. `/readyz` waits 300 ms. */
const PROBE_TIMEOUT_MS = 200;
/** How many records may wait for the file: about 5 MB. */
const MAX_WAITING = 10_000;

/** A record or a probe that waits for the file. */
interface Waiting {
  /** With its newline; empty for a probe. */
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (failure: Error) => void;
}

/**
 * Appends JSON lines to a file. One append runs at a time. Records that arrive meanwhile are
 * appended together by the next one.
 */
export class AuditFile extends AuditLog {
  readonly #file: LineFile;
  #waiting = new Set<Waiting>();
  #appending = false;

  /** @param timeoutMs how long a record may take */
  constructor(
    path: string,
    private readonly timeoutMs = APPEND_TIMEOUT_MS,
  ) {
    super();
    this.#file = new LineFile(path);
  }

  /** Adds the time in ISO 8601, UTC. */
  override append(record: AuditRecord): Promise<void> {
    const line = JSON.stringify({ time: new Date().toISOString(), ...record });
    return this.#enter(`${line}\n`, this.timeoutMs);
  }

  /** Appends nothing, to find out whether the file can be written. */
  override async unavailable(): Promise<string | undefined> {
    try {
      await this.#enter('', PROBE_TIMEOUT_MS);
      return undefined;
    } catch (error) {
      const code = error instanceof AppendError ? ` (${error.code})` : '';
      return `writes are refused: the audit file cannot be written${code}`;
    }
  }

  /** Waits for running appends, at most as long as a record may take. */
  override async close(): Promise<void> {
    if (this.#appending) await this.#enter('', this.timeoutMs).catch(() => undefined);
  }

  #enter(line: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= MAX_WAITING)
        throw new Error('too many records are waiting for the file');
      const timer = setTimeout(() => {
        // A record that was reported as lost must not be appended later.
        this.#waiting.delete(entry);
        reject(new Error(`the file could not be written within ${timeoutMs} ms`));
      }, timeoutMs);
      const entry: Waiting = {
        line,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
        reject: (failure) => {
          clearTimeout(timer);
          reject(failure);
        },
      };
      this.#waiting.add(entry);
      if (!this.#appending) void this.#appendAll();
    });
  }

  async #appendAll(): Promise<void> {
    this.#appending = true;
    while (this.#waiting.size > 0) {
      const group = [...this.#waiting];
      this.#waiting.clear();
      await this.#append(group);
    }
    this.#appending = false;
  }

  async #append(group: readonly Waiting[]): Promise<void> {
    const lines = Buffer.from(group.map(({ line }) => line).join(''));
    const failure = await this.#file.append(lines);
    for (const { resolve, reject } of group) {
      if (failure) reject(failure);
      else resolve();
    }
  }
}
