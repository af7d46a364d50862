import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type LockFile, isObject } from './lock-file.ts';

/** A package that is inside the artefact. */
export interface Component {
  /** Package URL of npm. */
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** An identifier of the SPDX licence list. */
  readonly license: string;
  /** Relative to the workspace, such as `node_modules/jose`. */
  readonly folder: string;
  /** Subresource integrity of the package's archive. */
  readonly integrity: string;
  /** Package URLs of the components that it loads. */
  readonly dependsOn: readonly string[];
}

/** What esbuild says of the files that it wrote. */
export interface Metafile {
  readonly outputs: Record<string, { readonly inputs: Record<string, { bytesInOutput: number }> }>;
}

/** Licences that allow to pass on the bundle with their texts. Another one is a decision. */
const ALLOWED_LICENSES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
];

/** The folders of the packages of which a file is inside, and those of our own projects. */
function foldersOf(metafile: Metafile, root: string, bundleFolder: string): Set<string> {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => relative(root, join(bundleFolder, file)));
  const folder = /^(?:.*\bnode_modules\/(?:@[^/]+\/)?[^/]+|(?:apps|libs)\/[^/]+)(?=\/)/;
  return new Set(files.flatMap((file) => folder.exec(file)?.[0] ?? []));
}

function manifestOf(root: string, folder: string) {
  const manifest: unknown = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  if (!isObject(manifest)) throw new Error(`${folder}/package.json is not an object`);
  const { name, license } = manifest;
  if (typeof name !== 'string' || typeof license !== 'string') {
    throw new Error(`${folder}/package.json has no name or no license`);
  }
  if (!ALLOWED_LICENSES.includes(license)) {
    throw new Error(`${name} has the license ${license}, which is not one of the allowed licenses`);
  }
  return { name, license };
}

/** A URL in which only the `@` of a scope is encoded. */
export const purlOf = (name: string, version: string) =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort();

/**
 * The packages inside the bundle that esbuild describes, and those of `copied`, in the order of their
 * folders. `ofRoot` are those that our own code loads.
 */
export function componentsOf(
  metafile: Metafile,
  lock: LockFile,
  options: { root: string; bundleFolder: string; copied: readonly string[] },
): { components: readonly Component[]; ofRoot: readonly string[] } {
  const { root, bundleFolder, copied } = options;
  const folders = sorted([...foldersOf(metafile, root, bundleFolder), ...copied]);
  const packages = new Map(
    folders
      .filter((folder) => folder.includes('node_modules/'))
      .map((folder) => {
        const { version, integrity, dependencies } = lock.package(folder);
        const manifest = manifestOf(root, folder);
        const purl = purlOf(manifest.name, version);
        return [folder, { ...manifest, version, integrity, dependencies, purl }] as const;
      }),
  );
  const loadedFrom = (folder: string) =>
    lock.package(folder).dependencies.flatMap((name) => {
      const purl = packages.get(lock.resolve(folder, name) ?? '')?.purl;
      return purl === undefined ? [] : [purl];
    });
  const components = new Map<string, Component>();
  for (const [folder, { dependencies: _, ...each }] of packages) {
    // npm may install one version in two places.
    if (components.has(each.purl)) continue;
    components.set(each.purl, { ...each, folder, dependsOn: sorted(loadedFrom(folder)) });
  }
  const ours = folders.filter((folder) => !packages.has(folder));
  const ofCopied = copied.flatMap((folder) => packages.get(folder)?.purl ?? []);
  const ofRoot = sorted([...ours.flatMap(loadedFrom), ...ofCopied]);
  return { components: [...components.values()], ofRoot };
}
