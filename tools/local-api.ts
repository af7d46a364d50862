import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const INHERITED = ['PATH', 'LOG_LEVEL', 'TZ'];

/**
 * The environment variables of the production API for a fake.
 *
 * @param upstream the result of `proxyEnvironment`
 */
export function apiEnvironment(upstream: NodeJS.ProcessEnv, port: number): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(INHERITED.map((key) => [key, process.env[key]])),
    PORT: String(port),
    STATE_URL: `sqlite:${join(temporaryFolder(), 'state.db')}`,
    ...upstream,
  };
}

/** A folder that is deleted at exit, because the fake keeps no data either. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookings-local-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Waits until the API is ready. Resolves to false if `ended` is aborted first. */
export async function ready(url: string, ended: AbortSignal): Promise<boolean> {
  while (!ended.aborted) {
    const response = await fetch(`${url}/readyz`, { signal: ended }).catch(() => undefined);
    if (response?.status === 200) return true;
    await sleep(20);
  }
  return false;
}
