import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What `npm run package` makes. */
export const PACKAGE = fileURLToPath(new URL('../../../dist/bookings-proxy', import.meta.url));
const isRoot = process.getuid?.() === 0;
/** Root may write everywhere, so that a test of root's uses another user. */
export const OTHER_USER = isRoot ? { uid: 65_534, gid: 65_534 } : {};

function makeReadOnly(folder: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const files = entries.filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) chmodSync(join(parentPath, name), 0o444);
  for (const { parentPath, name } of folders) chmodSync(join(parentPath, name), 0o555);
  chmodSync(folder, 0o555);
  // A user other than root cannot remove it as it is.
  onTeardown(() => {
    for (const { parentPath, name } of folders) chmodSync(join(parentPath, name), 0o755);
    chmodSync(folder, 0o755);
  });
}

/** A copy of the package in which no one may write, and beside it an empty folder for everyone. */
export function readOnlyPackage(): { readonly folder: string; readonly writable: string } {
  const parent = temporaryFolder();
  const folder = join(parent, 'bookings-proxy');
  const writable = join(parent, 'state');
  cpSync(PACKAGE, folder, { recursive: true });
  chmodSync(parent, 0o755);
  mkdirSync(writable);
  chmodSync(writable, 0o777);
  makeReadOnly(folder);
  return { folder, writable };
}

/** npm packages whose code is in the bundle, as its source maps name them, such as `jose`. */
export function packagesInSourceMaps(): Set<string> {
  const names = readdirSync(PACKAGE)
    .filter((file) => file.endsWith('.js.map'))
    .flatMap((file) => {
      const { sources } = JSON.parse(readFileSync(join(PACKAGE, file), 'utf8')) as {
        sources: string[];
      };
      return sources.flatMap(
        (source) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [],
      );
    });
  // The source maps of class-validator name its sources without their package.
  return new Set(names.map((name) => (name === 'src' ? 'class-validator' : name)));
}
