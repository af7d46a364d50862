import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// The build, as production runs it.
const KEYS = fileURLToPath(new URL('../../dist/keys.js', import.meta.url));

/** Runs the command `keys`. Rejects with its error output when it fails. */
export async function runKeys(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<void> {
  await promisify(execFile)(process.execPath, [KEYS, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
}
