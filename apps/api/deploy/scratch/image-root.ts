// Gathers the files of the image that is built from scratch: in `root` the package, Node, and the
// libraries that Node loads; in `state` the folder that belongs to the user of the image.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '../../../..');
const PACKAGE = join(WORKSPACE, 'dist/bookings-proxy');

/** Files of /etc. Without nsswitch.conf the C library asks DNS before /etc/hosts. */
const ETC = {
  passwd: 'nonroot:x:65532:65532::/:/sbin/nologin\n',
  group: 'nonroot:x:65532:\n',
  'nsswitch.conf': 'hosts: files dns\n',
};

/** Paths of the libraries that a program loads, and of the loader. */
function librariesOf(program: string): string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listed.matchAll(/(?<=^\s|=> )\/\S+/gm)].map(([path]) => path);
}

function copyWithFolder(file: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
}

/** Writes `context`, from which the image is built. Node is the one that runs this file. */
export function writeImageRoot(context: string): void {
  rmSync(context, { recursive: true, force: true });
  const folder = join(context, 'root');
  cpSync(PACKAGE, join(folder, 'app'), { recursive: true });
  const node = process.execPath;
  copyWithFolder(node, join(folder, 'usr/local/bin/node'));
  for (const library of librariesOf(node)) copyWithFolder(library, join(folder, library));
  mkdirSync(join(folder, 'etc'));
  for (const [name, text] of Object.entries(ETC)) {
    writeFileSync(join(folder, 'etc', name), text);
  }
  mkdirSync(join(folder, 'tmp'));
  mkdirSync(join(context, 'state/var/lib/bookings'), { recursive: true });
}

if (import.meta.main) writeImageRoot(join(WORKSPACE, 'dist/image-root'));
