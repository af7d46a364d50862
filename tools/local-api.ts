import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PASSED_ON = ['PATH', 'LOG_LEVEL', 'TZ'];

/**
 * Configures the production API for a fake: the same code as in production, other addresses.
 *
 * @param upstream what `proxyEnvironment` says of the fake
 */
export function apiEnvironment(upstream: NodeJS.ProcessEnv, port: number): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(PASSED_ON.map((key) => [key, process.env[key]])),
    PORT: String(port),
    STATE_URL: `sqlite:${join(passingFolder(), 'state.db')}`,
    ...upstream,
  };
}

/** The fake forgets everything when it ends: nobody may remember more. */
function passingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookings-local-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Resolves when the API says that it is ready; false when `ended` says that it never will. */
export async function ready(url: string, ended: AbortSignal): Promise<boolean> {
  while (!ended.aborted) {
    const answer = await fetch(`${url}/readyz`, { signal: ended }).catch(() => undefined);
    if (answer?.status === 200) return true;
    await sleep(20);
  }
  return false;
}
