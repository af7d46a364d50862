import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The application that the fake issues tokens for where nothing is said. */
export const CALLING_APP = '5c8f1b1e-2f0a-4c55-8a3d-7e6b9d0c1f22';

export interface AccessEntry {
  readonly appId?: string;
  readonly businesses: readonly string[];
  readonly operations?: readonly string[];
}

/** A business access file on the disk, for as long as a test needs it. */
export class AccessFile {
  readonly folder = mkdtempSync(join(tmpdir(), 'access-'));
  readonly path = join(this.folder, 'access.json');

  constructor(...entries: readonly AccessEntry[]) {
    this.replace(accessJson(...entries));
  }

  /** As an operator should: the whole of it at once. */
  replace(text: string): void {
    const beside = join(this.folder, 'next.json');
    writeFileSync(beside, text);
    renameSync(beside, this.path);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Callers that are the usual one, and operations that are all, where nothing is said. */
export function accessJson(...entries: readonly AccessEntry[]): string {
  const operations = ['create', 'read', 'update', 'delete'];
  const callers = entries.map((entry) => ({ appId: CALLING_APP, operations, ...entry }));
  return JSON.stringify({ callers });
}
