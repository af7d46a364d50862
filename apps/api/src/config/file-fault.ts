import { accessSync, constants, statSync } from 'node:fs';
import { isObject } from '@bookings/domain';

/** Why the file at `path` cannot be read, to follow the name of its setting; undefined when it can. */
export function readFault(path: string): string | undefined {
  try {
    if (statSync(path).isDirectory()) return 'is a folder';
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    const code = isObject(error) ? error['code'] : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'names a file that does not exist';
    if (code === 'EACCES') return 'names a file that this process may not read';
    return 'names a file that cannot be read';
  }
}
