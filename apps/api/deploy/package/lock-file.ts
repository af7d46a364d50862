import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A package as `package-lock.json` names it. */
export interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
  readonly dependencies: readonly string[];
}

/** Like that of the domain, whose decorators Node does not run from their source. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** What `package-lock.json` says of the packages in `node_modules`. */
export class LockFile {
  readonly #packages: Record<string, unknown>;

  constructor(path: string) {
    const lock: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const packages = isObject(lock) ? lock['packages'] : undefined;
    if (!isObject(packages)) throw new Error(`${path} has no packages`);
    this.#packages = packages;
  }

  /** @param folder relative to the workspace, such as `node_modules/jose` or `apps/api` */
  package(folder: string): LockedPackage {
    const entry = this.#packages[folder];
    if (!isObject(entry)) throw new Error(`package-lock.json has no ${folder}: run npm ci`);
    const dependencies = entry['dependencies'];
    return {
      version: text(entry['version']),
      integrity: text(entry['integrity']),
      dependencies: isObject(dependencies) ? Object.keys(dependencies) : [],
    };
  }

  /** The folder from which a package in `folder` loads `name`, as Node looks for it. */
  resolve(folder: string, name: string): string | undefined {
    for (let parent = folder; ; parent = dirname(parent)) {
      const candidate = parent === '.' ? `node_modules/${name}` : `${parent}/node_modules/${name}`;
      if (candidate in this.#packages) return candidate;
      if (parent === '.') return undefined;
    }
  }
}
