import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * A file of a secret as Kubernetes mounts it: a link leads through the link `..data` into a folder of
 * its own for each version. A new version renames another link to `..data`.
 */
export class MountedFile {
  readonly #folder = temporaryFolder();
  readonly path = join(this.#folder, 'credential');
  #version = 0;

  constructor(text: string) {
    symlinkSync(join('..data', 'credential'), this.path);
    this.replace(text);
  }

  /** @param text undefined for a version without the file */
  replace(text: string | undefined): void {
    const [data, next] = [join(this.#folder, '..data'), join(this.#folder, '..data_tmp')];
    const name = `..version-${(this.#version += 1)}`;
    mkdirSync(join(this.#folder, name));
    if (text !== undefined) writeFileSync(join(this.#folder, name, 'credential'), text);
    symlinkSync(name, next);
    renameSync(next, data);
    rmSync(join(this.#folder, `..version-${this.#version - 1}`), { recursive: true, force: true });
  }
}
