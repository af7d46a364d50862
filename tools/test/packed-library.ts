import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './command.ts';

export const run = promisify(execFile);

/** A program of this workspace. */
export const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);

// Without the settings of the npm that runs the tests.
const clean = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

/** The members of a package.json. */
export async function manifest(folder: string): Promise<Map<string, unknown>> {
  const value: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return new Map(Object.entries(value ?? {}));
}

/**
 * Packs a package into a folder.
 *
 * @param path the folder of the package, relative to the workspace
 * @returns the name of the packed file, to install
 */
export async function pack(path: string, folder: string): Promise<string> {
  const source = join(ROOT, path);
  // An installed package may have scripts that need its repository.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: source,
    env: clean,
  });
  const described = await manifest(source);
  const name = String(described.get('name')).replace('@', '').replace('/', '-');
  return `./${name}-${String(described.get('version'))}.tgz`;
}

/** Installs packed files without a registry, so that they must have all that they need. */
export async function install(folder: string, files: readonly string[]): Promise<void> {
  const options = ['--offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...files, ...options], { cwd: folder, env: clean });
}

/** The Nodes to try packages with: that of this workspace, and the one that started npm. */
export const NODES = [
  { which: 'the Node of this workspace', node: process.execPath },
  {
    which: 'the Node that started npm',
    node: process.env['npm_node_execpath'] ?? process.execPath,
  },
];

/** The blocks of code of a README in a language. */
export async function blocks(path: string, language: string): Promise<string[]> {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  const text = await readFile(join(ROOT, path), 'utf8');
  return [...text.matchAll(fence)].map(([, block = '']) => block);
}
