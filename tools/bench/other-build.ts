import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { passingFolder } from './passing-folder.ts';
import { command, PRODUCTION, ROOT } from './stand.ts';

/**
 * Builds the commit that `ref` names in a folder of its own, which goes when this process ends.
 *
 * @returns its entry
 */
export function buildAt(ref: string, tell: (text: string) => void): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--verify', `${ref}^{commit}`);
  const folder = join(passingFolder('compare'), 'workspace');
  process.once('exit', () => {
    git('worktree', 'prune');
  });
  git('worktree', 'add', '--quiet', '--detach', folder, commit);
  tell(`building ${commit.slice(0, 7)} ...`);
  install(folder);
  // What a cache of builds remembers of other folders is no business of this one.
  const nx = join(folder, 'node_modules/.bin/nx');
  const args = [nx, 'run-many', '-t', 'build', '-p', 'api', '--skip-nx-cache'];
  command(process.execPath, args, folder);
  return join(folder, PRODUCTION);
}

/** What is installed here will do where the locks are equal; its links between projects are relative. */
function install(folder: string): void {
  const lock = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (lock(folder) === lock(ROOT)) {
    const source = join(ROOT, 'node_modules');
    try {
      command('cp', ['-al', source, folder], ROOT);
    } catch {
      // Another file system: no links across.
      command('cp', ['-a', source, folder], ROOT);
    }
  } else command('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}
