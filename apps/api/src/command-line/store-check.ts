import { existsSync, statSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { StoreConnection, type StoreOptions, StoreUnusable } from '@bookings/idempotency';
import type { Finding } from './finding.ts';

const SQLITE = 'sqlite:';
const PART = 'store';

/**
 * Checks that the settings open the store, and changes nothing. Of a SQLite file a copy is opened, which
 * lies beside the file, in a folder that the process may write to.
 */
export async function checkStore(options: StoreOptions): Promise<Finding> {
  const isFile = options.url.startsWith(SQLITE);
  try {
    await (isFile ? checkFile(options) : new StoreConnection(options).check());
    return { part: PART, state: 'ok' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { part: PART, state: 'failed', problem: error.message, advice: advice(error, isFile) };
  }
}

function advice(error: Error, isFile: boolean): string {
  if (error instanceof StoreUnusable)
    return 'Compare STATE_URL and STATE_SECRET with those of the process that made the store.';
  return isFile
    ? 'Check the file that STATE_URL names and its folder, or restore a backup.'
    : 'Check that PostgreSQL runs, and the host, role, password and database in STATE_URL. The role must be able to make tables.';
}

async function checkFile(options: StoreOptions): Promise<void> {
  const path = resolve(options.url.slice(SQLITE.length));
  // The first start makes the file.
  if (existsSync(path) && statSync(path).size > 0) await openCopy(path, options);
}

async function openCopy(path: string, options: StoreOptions): Promise<void> {
  const folder = await mkdtemp(`${path}.check-`);
  try {
    const copy = join(folder, basename(path));
    await new StoreConnection(options).backUp(copy);
    if (existsSync(`${path}.secret`)) await copyFile(`${path}.secret`, `${copy}.secret`);
    const connection = new StoreConnection({ ...options, url: `${SQLITE}${copy}` });
    try {
      await connection.connect();
    } finally {
      await connection.close();
    }
  } catch (error) {
    // The copy is not what the operator knows.
    if (error instanceof Error) error.message = inPlaceOf(folder, path, error.message);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inPlaceOf(folder: string, path: string, message: string): string {
  return message.replaceAll(`${folder}${sep}`, `${dirname(path)}${sep}`);
}
