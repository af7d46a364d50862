// Installs if node_modules does not match the lock file, then checks for Node 24. It runs before the
// installation and with any version of Node, so it is plain JavaScript without dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const STAMP = 'node_modules/.installed-lock';
const shell = process.platform === 'win32';

/**
 * @param {{ quiet?: boolean, detached?: boolean, onSpawn?: (child: import('node:child_process').ChildProcess) => void }} options
 * @returns {Promise<boolean>} whether node_modules matches package-lock.json and Node 24 is available
 */
export async function ensureInstall({ quiet = false, detached = false, onSpawn = () => {} } = {}) {
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== lock) {
    console.error('Installing dependencies (once, and after each change of package-lock.json) ...');
    const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      // A script may read stdout, so that npm must not write to it.
      stdio: ['ignore', quiet ? 2 : 1, 2],
      shell,
      detached,
    });
    onSpawn(child);
    const code = await new Promise((resolve) => {
      child.once('error', () => resolve(1));
      child.once('close', (status) => resolve(status ?? 1));
    });
    if (code !== 0) {
      console.error(`npm ci failed with exit code ${code}; what it printed above says why.`);
      return false;
    }
    writeFileSync(STAMP, lock);
  }
  return hasNode24();
}

function hasNode24() {
  const local = 'node_modules/.bin/node';
  const node = existsSync(local) ? local : 'node';
  const version = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8', shell });
  const found = (version.stdout ?? '').trim();
  if (Number(found.split('.')[0]) >= 24) return true;
  console.error(
    `Node 24 or later is needed and ${found || 'none'} was found. On Linux x64 and arm64 npm ci brings it; elsewhere install Node 24.`,
  );
  return false;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const ok = await ensureInstall({ quiet: process.argv.includes('--quiet') });
  process.exit(ok ? 0 : 1);
}
