import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonObject } from './json.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder for one audit file, which does not exist yet. */
export class AuditFolder {
  readonly path = temporaryFolder();
  /** Value for `AUDIT_FILE`. */
  readonly file = join(this.path, 'audit.jsonl');

  text(): Promise<string> {
    return readFile(this.file, 'utf8');
  }

  /** Every line of the file, parsed. */
  async records(): Promise<Record<string, unknown>[]> {
    return (await this.text()).trimEnd().split('\n').map(jsonObject);
  }

  /** Removes the file. The next record creates it again. */
  async clear(): Promise<void> {
    await rm(this.file, { force: true });
  }

  /** Removes the folder as well, so that no record can be written. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
