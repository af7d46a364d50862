import { type Stats, accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isObject, MAX_CREDENTIAL_FILE_BYTES } from '@bookings/domain';

const { R_OK, W_OK, X_OK } = constants;

/** Why the file at `path` cannot be read, to follow the name of its setting; undefined when it can. */
export function readFault(path: string): string | undefined {
  try {
    if (statSync(path).isDirectory()) return 'is a folder';
    accessSync(path, R_OK);
    return undefined;
  } catch (error) {
    const code = isObject(error) ? error['code'] : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'names a file that does not exist';
    if (code === 'EACCES') return 'names a file that this process may not read';
    return 'names a file that cannot be read';
  }
}

/** Why no credential can be read from `path`, as `readFault` does. */
export function credentialFileFault(path: string): string | undefined {
  const fault = readFault(path);
  if (fault !== undefined) return fault;
  const stats = statsOf(path);
  // A pipe or a device may never end.
  if (!stats?.isFile()) return 'is not a file';
  return stats.size > MAX_CREDENTIAL_FILE_BYTES
    ? 'names a file that is too large for a credential'
    : undefined;
}

/** Why `path` can be neither appended to nor created; undefined when it can. Does not open it. */
export function appendFault(path: string): string | undefined {
  const stats = statsOf(path);
  if (stats?.isDirectory()) return 'is a folder';
  if (stats) return isAccessible(path, R_OK | W_OK) ? undefined : 'is not readable and writable';
  const folder = dirname(path);
  if (!statsOf(folder)?.isDirectory()) return 'is in a folder that does not exist';
  return isAccessible(folder, W_OK | X_OK) ? undefined : 'is in a folder that is not writable';
}

/**
 * Why a SQLite file at `path` can be neither used nor created, together with the files beside it;
 * undefined when it can. A missing folder is fine where it can be made.
 */
export function storeFault(path: string): string | undefined {
  const stats = statsOf(path);
  if (stats?.isDirectory()) return 'names a folder';
  // To open a pipe may take for ever.
  if (stats && !stats.isFile()) return 'names something that is not a file';
  if (stats && !isAccessible(path, R_OK | W_OK)) return 'names a file that is not writable';
  const folder = existingFolder(dirname(path));
  if (!statsOf(folder)?.isDirectory()) return 'is below something that is not a folder';
  return isAccessible(folder, W_OK | X_OK) ? undefined : 'is in a folder that is not writable';
}

/** `folder`, or the nearest one above it that exists. */
function existingFolder(folder: string): string {
  const above = dirname(folder);
  return statsOf(folder) || above === folder ? folder : existingFolder(above);
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
