import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonObject } from './stack.ts';

/** A folder for one audit file, which is not there yet. */
export class AuditFolder {
  /** For `AUDIT_FILE`. */
  readonly file: string;

  private constructor(readonly path: string) {
    this.file = join(path, 'audit.jsonl');
  }

  static async make(): Promise<AuditFolder> {
    return new AuditFolder(await mkdtemp(join(tmpdir(), 'audit-')));
  }

  async text(): Promise<string> {
    return readFile(this.file, 'utf8');
  }

  /** Every line of the file as a record. */
  async records(): Promise<Record<string, unknown>[]> {
    return (await this.text()).trimEnd().split('\n').map(jsonObject);
  }

  /** Also lets the next record make a new file. */
  async forget(): Promise<void> {
    await rm(this.file, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
