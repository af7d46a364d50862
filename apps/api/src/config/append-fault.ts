import { type Stats, accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

const { R_OK, W_OK, X_OK } = constants;

/** Why `path` cannot be appended to, nor created; undefined when it can. Opens nothing. */
export function appendFault(path: string): string | undefined {
  const stats = statsOf(path);
  if (stats?.isDirectory()) return 'is a folder';
  if (stats) return may(path, R_OK | W_OK) ? undefined : 'cannot be read and written';
  const folder = dirname(path);
  if (!statsOf(folder)?.isDirectory()) return 'is in no folder';
  return may(folder, W_OK | X_OK) ? undefined : 'is in a folder that cannot be written';
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
