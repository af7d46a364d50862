// The postinstall script. It notes whether node_modules matches the lock file, and links Node 24:
// afterwards `node_modules/.bin/node` is a Node 24 that runs here, or is not there. npm 10
// links none, because two packages have one. npm 11 links one also where it cannot run (musl).
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { forgetInstallation, noteInstallation } from './ensure-install.mjs';

const LINK = 'node_modules/.bin/node';
const binary = `node-${process.platform}-${process.arch}/bin/node`;
const runs = (path) => spawnSync(path, ['--version']).status === 0;

if (process.platform !== 'win32') {
  if (lstatSync(LINK, { throwIfNoEntry: false }) && !runs(LINK)) rmSync(LINK);
  if (!existsSync(LINK) && existsSync(`node_modules/${binary}`) && runs(`node_modules/${binary}`)) {
    mkdirSync('node_modules/.bin', { recursive: true });
    symlinkSync(`../${binary}`, LINK);
  }
}

// npm names what its settings leave out, but not what NODE_ENV makes it leave out.
const { npm_config_omit: omit = '', NODE_ENV } = process.env;
if (omit === '' && NODE_ENV !== 'production') noteInstallation();
else forgetInstallation();
