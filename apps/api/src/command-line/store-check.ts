import { existsSync, statSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { StoreConnection, type StoreOptions, StoreUnusable } from '@bookings/idempotency';
import type { Finding } from './finding.ts';

const SQLITE = 'sqlite:';
const PART = 'store';

/**
 * Checks that the settings open an existing SQLite file. A copy is opened, because opening a store can
 * change it. The copy lies beside the file, in a folder that the process may write to.
 *
 * @returns nothing for PostgreSQL, which has no such copy
 */
export async function checkStore(options: StoreOptions): Promise<readonly Finding[]> {
  if (!options.url.startsWith(SQLITE)) return [];
  const path = resolve(options.url.slice(SQLITE.length));
  // The first start makes the file.
  if (!existsSync(path) || statSync(path).size === 0) return [{ part: PART, state: 'ok' }];
  try {
    await openCopy(path, options);
    return [{ part: PART, state: 'ok' }];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ part: PART, state: 'failed', problem: error.message, advice: advice(error) }];
  }
}

function advice(error: Error): string {
  return error instanceof StoreUnusable
    ? 'Compare STATE_URL and STATE_SECRET with those of the process that made the store.'
    : 'Check the file that STATE_URL names and its folder, or restore a backup.';
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
