import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

const BUSY_TIMEOUT_MS = 2000;

/**
 * Copies a SQLite store to a new file, while processes use it. Only the owner can read the copy.
 *
 * @param path of the store
 * @param target of the copy; there must be no such file
 */
export async function backUpSqlite(path: string, target: string): Promise<void> {
  // Created first, so that an existing file is never overwritten and the mode holds from the start.
  closeSync(openSync(target, 'wx', 0o600));
  try {
    const url = new URL('?mode=ro', pathToFileURL(path));
    using source = new DatabaseSync(url, { timeout: BUSY_TIMEOUT_MS });
    await backup(source, target);
    const copy = openSync(target, 'r+');
    fsyncSync(copy);
    closeSync(copy);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}
