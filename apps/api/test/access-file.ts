import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** The application that the fake issues tokens for by default. */
export const CALLING_APP = '5c8f1b1e-2f0a-4c55-8a3d-7e6b9d0c1f22';

export interface AccessEntry {
  readonly appId?: string;
  readonly businesses: readonly string[];
  readonly operations?: readonly string[];
}

/** A business access file. */
export class AccessFile {
  readonly folder = temporaryFolder();
  readonly path = join(this.folder, 'access.json');

  constructor(...entries: readonly AccessEntry[]) {
    this.replace(accessJson(...entries));
  }

  /** Replaces the file atomically. */
  replace(text: string): void {
    const next = join(this.folder, 'next.json');
    writeFileSync(next, text);
    renameSync(next, this.path);
  }
}

/** An entry without `appId` is for `CALLING_APP`. One without `operations` allows all of them. */
export function accessJson(...entries: readonly AccessEntry[]): string {
  const operations = ['create', 'read', 'update', 'delete'];
  const callers = entries.map((entry) => ({ appId: CALLING_APP, operations, ...entry }));
  return JSON.stringify({ callers });
}
