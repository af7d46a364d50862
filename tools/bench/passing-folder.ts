import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let parent: string | undefined;

/** A new folder that goes when this process ends. */
export function passingFolder(name: string): string {
  if (parent === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'bookings-bench-'));
    process.once('exit', () => {
      rmSync(made, { recursive: true, force: true });
    });
    parent = made;
  }
  return mkdtempSync(join(parent, `${name}-`));
}
