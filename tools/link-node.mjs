// Two platform packages bring a `node` binary and npm 10 then links neither: link the one that fits.
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
