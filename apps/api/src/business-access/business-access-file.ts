import { hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  type BusinessAccess,
  BusinessAccessError,
  isObject,
  readBusinessAccess,
} from '@bookings/domain';

/** One thing that is wrong with the file, as it is read behind the name of its setting. */
export interface AccessFileFault {
  readonly wrong: string;
  readonly expected: string;
}

/** A business access file that cannot be used, with everything that is wrong with it. */
export class AccessFileError extends Error {
  override readonly name = 'AccessFileError';

  constructor(readonly faults: readonly AccessFileFault[]) {
    super('The business access file cannot be used.');
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const EXPECTED = 'a business access file in JSON, as the README has it';
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'names a file that is not there',
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
      wrong: `${path === '' ? 'holds what' : path} ${wrong}`,
      expected,
    }));
    const untold = error.count - faults.length;
    const more = { wrong: `has ${untold} more fault(s)`, expected: EXPECTED };
    throw new AccessFileError(untold > 0 ? [...faults, more] : faults);
  }
}

/** @param error of the file system's */
export function unreadable(error: unknown): AccessFileError {
  const code = isObject(error) && typeof error['code'] === 'string' ? error['code'] : 'unknown';
  const wrong = UNREADABLE[code] ?? `names a file that cannot be read (${code})`;
  return new AccessFileError([{ wrong, expected: EXPECTED }]);
}

/** A device or a pipe would never end. @throws AccessFileError */
export function assertFile(stats: Stats): void {
  if (!stats.isFile()) throw new AccessFileError([{ wrong: 'names no file', expected: EXPECTED }]);
}

/** Changes with the file: written, replaced, or reached through a link that leads elsewhere now. */
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

// The parser's own message repeats a piece of the file; only the place may be told.
function notJson(error: unknown): string {
  if (!(error instanceof SyntaxError)) return 'holds what is not UTF-8';
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(error.message) ?? [];
  const place = line === undefined ? '' : `, see line ${line} column ${column ?? '1'}`;
  return `holds what is not JSON${place}`;
}
