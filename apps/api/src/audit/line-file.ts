import { type FileHandle, open } from 'node:fs/promises';
import { isObject } from '@bookings/domain';

/** That lines could not be appended. How much of them is in the file is not known. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  /** Such as `ENOSPC`. */
  readonly code: string;

  constructor(cause: unknown) {
    const code = codeOf(cause) ?? 'no code';
    super(`the file cannot be written (${code})`, { cause });
    this.code = code;
  }
}

/**
 * A file that whole lines are appended to, by one append at a time. It is opened for each, so that
 * after a rotation the next one goes to the new file at the path, and a folder that is gone is
 * noticed: 0.06 ms. Without `fdatasync` a power cut could take an intent whose write Graph carried
 * out: 0.7 ms at the median, 2 ms at the 99th percentile (ext4 on a virtual disk, 500 bytes).
 */
export class LineFile {
  /** What may be at the end of the file: half a line after a failure, or when the process began. */
  #end: 'a whole line' | 'anything' | 'what a failure left' = 'anything';

  constructor(private readonly path: string) {}

  /**
   * Closes half a line first, if there is one. Never rejects.
   *
   * @param lines each with its newline; empty to find out whether lines could be appended
   * @returns what went wrong, if anything did
   */
  async append(lines: Buffer): Promise<AppendError | undefined> {
    try {
      await this.#append(lines);
      this.#end = 'a whole line';
      return undefined;
    } catch (cause) {
      this.#end = 'what a failure left';
      return new AppendError(cause);
    }
  }

  async #append(lines: Buffer): Promise<void> {
    const file = await open(this.path, 'a', 0o600);
    try {
      const before = await this.#before(file, lines.length === 0);
      const bytes = Buffer.concat([before, lines]);
      for (let written = 0; written < bytes.length;) {
        written += (await file.write(bytes, written)).bytesWritten;
      }
      if (bytes.length > 0) await synchronize(file);
    } finally {
      await file.close();
    }
  }

  async #before(file: FileHandle, alone: boolean): Promise<Buffer> {
    if (this.#end === 'a whole line') return NOTHING;
    if (await endsWithinLine(file, this.path)) return NEWLINE;
    // Only what needs room can tell that there is some again.
    return alone && this.#end === 'what a failure left' ? SPACE : NOTHING;
  }
}

const NOTHING = Buffer.alloc(0);
const NEWLINE = Buffer.from('\n');
/** Before a line of JSON it means nothing. */
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
    // A pipe or a device keeps nothing that could be synchronized.
    if (codeOf(error) !== 'EINVAL') throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}
