import { type FileHandle, open } from 'node:fs/promises';
import { isObject } from '@bookings/domain';

/** An append failed. An unknown part of the lines may be in the file. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  /** For example `ENOSPC`. */
  readonly code: string;

  constructor(cause: unknown) {
    const code = codeOf(cause) ?? 'no code';
    super(`the file cannot be written (${code})`, { cause });
    this.code = code;
  }
}

/**
 * Appends whole lines to a file, one append at a time. Each append opens the file, so that it follows
 * a rotation and notices a deleted folder. Each append calls `fdatasync`, so that an intent survives
 * a power failure.
 */
export class LineFile {
  /** The state of the last line. It may be partial after a failure, or when the process starts. */
  #lastLine: 'complete' | 'unknown' | 'failed' = 'unknown';

  constructor(private readonly path: string) {}

  /**
   * Ends a partial line first. Never rejects.
   *
   * @param lines each with its newline; empty to probe the file
   * @returns the error, if the append failed
   */
  async append(lines: Buffer): Promise<AppendError | undefined> {
    try {
      await this.#append(lines);
      this.#lastLine = 'complete';
      return undefined;
    } catch (cause) {
      this.#lastLine = 'failed';
      return new AppendError(cause);
    }
  }

  async #append(lines: Buffer): Promise<void> {
    const file = await open(this.path, 'a', 0o600);
    try {
      const prefix = await this.#prefix(file, lines.length === 0);
      const bytes = Buffer.concat([prefix, lines]);
      for (let written = 0; written < bytes.length;) {
        written += (await file.write(bytes, written)).bytesWritten;
      }
      if (bytes.length > 0) await synchronize(file);
    } finally {
      await file.close();
    }
  }

  async #prefix(file: FileHandle, isProbe: boolean): Promise<Buffer> {
    if (this.#lastLine === 'complete') return NOTHING;
    if (await endsWithinLine(file, this.path)) return NEWLINE;
    // After ENOSPC an empty append proves nothing, so the probe writes one space.
    return isProbe && this.#lastLine === 'failed' ? SPACE : NOTHING;
  }
}

const NOTHING = Buffer.alloc(0);
const NEWLINE = Buffer.from('\n');
/** Has no meaning before a line of JSON. */
const SPACE = Buffer.from(' ');

async function endsWithinLine(file: FileHandle, path: string): Promise<boolean> {
  const stats = await file.stat();
  if (!stats.isFile() || stats.size === 0) return false;
  const reader = await open(path, 'r');
  try {
    const { buffer } = await reader.read(Buffer.alloc(1), 0, 1, stats.size - 1);
    return !NEWLINE.equals(buffer);
  } finally {
    await reader.close();
  }
}

async function synchronize(file: FileHandle): Promise<void> {
  try {
    await file.datasync();
  } catch (error) {
    // A pipe or a device cannot be synchronized.
    if (codeOf(error) !== 'EINVAL') throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}
