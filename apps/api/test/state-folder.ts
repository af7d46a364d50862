import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A `STATE_URL` of its own, in a folder that goes with the tests of the file. */
export function stateUrl(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bookings-state-'));
  folders.push(folder);
  return `sqlite:${join(folder, 'state.db')}`;
}
