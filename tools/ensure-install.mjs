// Installs what the lock file names, if node_modules does not match it. It runs before the
// installation and with any version of Node, so it is plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const STAMP = 'node_modules/.installed-lock';

const lockDigest = () =>
  createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

/** Whether node_modules matches the lock file of the current folder. */
export function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockDigest();
}

/** Notes that node_modules matches the lock file. */
export function noteInstallation() {
  writeFileSync(STAMP, lockDigest());
}

/** Notes that node_modules may not match the lock file. */
export function forgetInstallation() {
  rmSync(STAMP, { force: true });
}

/**
 * Runs `npm ci` in the current folder.
 *
 * @param run starts a command and returns its exit code, or a promise of it
 * @returns the exit code
 */
export async function install(run) {
  console.error('Installing dependencies (once, and after each change of package-lock.json) ...');
  // A script may read stdout, so that npm must not write to it. On Windows npm is a shell script.
  const options = { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  // With NODE_ENV=production or a setting `omit`, npm would leave out the tools, or Node 24.
  const everything = ['--include=dev', '--include=optional'];
  const code = await run('npm', ['ci', ...everything, '--no-audit', '--no-fund'], options);
  if (code === 0) noteInstallation();
  else console.error(`npm ci failed with exit code ${code}. What it printed above says why.`);
  return code;
}

/** @returns {number} the exit code */
const runSync = (...command) => spawnSync(...command).status ?? 1;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = isInstalled() ? 0 : await install(runSync);
}
