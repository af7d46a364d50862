import { type FileHandle, open, stat } from 'node:fs/promises';
import { isObject } from '@bookings/domain';

const CHUNK_BYTES = 65_536;
/** Far longer than any record. */
const MAX_LINE_BYTES = 65_536;

const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/**
 * The lines of a file, the last one first, with bounded memory. Lines that are too long are left out.
 * A file that does not exist, a pipe and a device have no lines.
 */
export async function* backwardLines(
  path: string,
  chunkBytes = CHUNK_BYTES,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  const file = await openIfFile(path);
  if (!file) return;
  try {
    let { size: start } = await file.stat();
    /** The end of a line whose beginning has not been read yet. */
    let rest: Buffer = NOTHING;
    let isTooLong = false;
    while (start > 0) {
      const length = Math.min(chunkBytes, start);
      start -= length;
      const bytes = Buffer.concat([await readExactly(file, start, length), rest]);
      let end = bytes.length;
      for (let at = newlineBefore(bytes, end); at >= 0; at = newlineBefore(bytes, end)) {
        if (!isTooLong && end - at - 1 <= maxLineBytes) yield bytes.toString('utf8', at + 1, end);
        isTooLong = false;
        end = at;
      }
      isTooLong ||= end > maxLineBytes;
      rest = isTooLong ? NOTHING : Buffer.from(bytes.subarray(0, end));
    }
    if (!isTooLong && rest.length > 0) yield rest.toString();
  } finally {
    await file.close();
  }
}

function newlineBefore(bytes: Buffer, end: number): number {
  // A negative offset would count from the end.
  return end === 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1);
}

async function openIfFile(path: string): Promise<FileHandle | undefined> {
  try {
    // Opening a pipe would wait for its other end.
    return (await stat(path)).isFile() ? await open(path, 'r') : undefined;
  } catch (error) {
    if (isObject(error) && error['code'] === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws Error when the file has become shorter, so that its lines are not known */
async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the file became shorter while it was read');
  return buffer;
}
