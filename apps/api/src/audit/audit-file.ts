import { AuditLog } from './audit-log.ts';
import type { AuditRecord } from './audit-record.ts';
import { AppendError, LineFile } from './line-file.ts';

/** How long an append may take. No request waits longer for a disk that hangs. */
const APPEND_TIMEOUT_MS = 2000;
/** The same for a probe, which `/readyz` waits 300 ms for. */
const PROBE_TIMEOUT_MS = 200;
/** Records that may wait for the file; at 500 bytes each some 5 MB. */
const MAX_WAITING = 10_000;

/** One record, or none for a probe, on its way into the file. */
interface Waiting {
  /** With its newline; empty for a probe. */
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (failure: Error) => void;
}

/**
 * JSON lines in a file. One append is under way at a time; what arrives meanwhile goes into the
 * next one, in its order, and waits for no other.
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

  /** With its time in front: ISO 8601, UTC. */
  override append(record: AuditRecord): Promise<void> {
    const line = JSON.stringify({ time: new Date().toISOString(), ...record });
    return this.#enter(`${line}\n`, this.timeoutMs);
  }

  /** Tries it, so that it says so as soon as the file can be written again. */
  override async unavailable(): Promise<string | undefined> {
    try {
      await this.#enter('', PROBE_TIMEOUT_MS);
      return undefined;
    } catch (error) {
      const code = error instanceof AppendError ? ` (${error.code})` : '';
      return `writes are refused: the audit file cannot be written${code}`;
    }
  }

  /** Waits for a file that hangs no longer than records do. */
  override async close(): Promise<void> {
    if (this.#appending) await this.#enter('', this.timeoutMs).catch(() => undefined);
  }

  #enter(line: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= MAX_WAITING) throw new Error('too many records wait for the file');
      const responseTimeout = setTimeout(() => {
        // What has not begun must not be in the file once it was said that it is not.
        this.#waiting.delete(entry);
        reject(new Error(`the file took nothing within ${timeoutMs} ms`));
      }, timeoutMs);
      const entry: Waiting = {
        line,
        resolve: () => {
          clearTimeout(responseTimeout);
          resolve();
        },
        reject: (failure) => {
          clearTimeout(responseTimeout);
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
