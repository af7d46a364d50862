import { hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  type BusinessAccess,
  BusinessAccessError,
  isObject,
  readBusinessAccess,
} from '@bookings/domain';

/** A fault of the file. `wrong` completes a sentence that begins with the name of the setting. */
export interface AccessFileFault {
  readonly wrong: string;
  readonly expected: string;
}

/** A business access file is invalid or unreadable. */
export class AccessFileError extends Error {
  override readonly name = 'AccessFileError';

  constructor(readonly faults: readonly AccessFileFault[]) {
    super('The business access file cannot be used.');
  }
}

/** Far more than the callers of a company. A wrong file must not fill the memory. */
const MAX_BYTES = 64 * 1_048_576;

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const EXPECTED = 'a business access file in JSON, as described in docs/permissions.md';
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'names a file that does not exist',
  EACCES: 'names a file that this process may not read',
};

/** @throws AccessFileError with every fault */
export function readAccess(bytes: Uint8Array): BusinessAccess {
  const json = parsed(bytes);
  try {
    return readBusinessAccess(json);
  } catch (error) {
    if (!(error instanceof BusinessAccessError)) throw error;
    const faults = error.faults.map(({ path, wrong, expected }) => ({
      wrong: `${path === '' ? 'has a document that' : path} ${wrong}`,
      expected,
    }));
    const omitted = error.count - faults.length;
    const more = { wrong: `has ${omitted} more fault(s)`, expected: EXPECTED };
    throw new AccessFileError(omitted > 0 ? [...faults, more] : faults);
  }
}

/** @param error from the file system */
export function unreadable(error: unknown): AccessFileError {
  const code = isObject(error) && typeof error['code'] === 'string' ? error['code'] : 'unknown';
  const wrong = UNREADABLE[code] ?? `names a file that cannot be read (${code})`;
  return new AccessFileError([{ wrong, expected: EXPECTED }]);
}

/** @throws AccessFileError when the file must not be read */
export function assertFile(stats: Stats): void {
  // A device or a pipe may never end.
  if (!stats.isFile()) throw new AccessFileError([{ wrong: 'is not a file', expected: EXPECTED }]);
  if (stats.size > MAX_BYTES) {
    throw new AccessFileError([{ wrong: 'names a file of more than 64 MiB', expected: EXPECTED }]);
  }
}

/** Changes when the file is written or replaced, or when a link points to another file. */
export function stampOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}

export function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64');
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch (error) {
    throw new AccessFileError([{ wrong: notJson(error), expected: EXPECTED }]);
  }
}

// The parser's own message quotes the file, so the fault contains only the position.
function notJson(error: unknown): string {
  if (!(error instanceof SyntaxError)) return 'is not valid UTF-8';
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(error.message) ?? [];
  const place = line === undefined ? '' : `, see line ${line} column ${column ?? '1'}`;
  return `is not valid JSON${place}`;
}
