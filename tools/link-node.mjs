// Links the `node` binary of the current platform. npm 10 links none, because two packages have one.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';

const binary = `node-${process.platform}-${process.arch}/bin/node`;
if (
  process.platform !== 'win32' &&
  existsSync(`node_modules/${binary}`) &&
  !existsSync('node_modules/.bin/node')
) {
  mkdirSync('node_modules/.bin', { recursive: true });
  symlinkSync(`../${binary}`, 'node_modules/.bin/node');
}
