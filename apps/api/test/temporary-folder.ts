import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTeardown } from './teardown.ts';

/** A new folder that is removed after the last test of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookings-test-'));
  onTeardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A `STATE_URL` for a new SQLite file. */
export function stateUrl(): string {
  return `sqlite:${join(temporaryFolder(), 'state.db')}`;
}
