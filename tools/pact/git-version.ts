import { spawnSync } from 'node:child_process';
import { CommandError } from './command-error.ts';

/** The version and the branch of the work tree. */
export interface GitVersion {
  /** The whole commit id. */
  readonly commit: string;
  readonly branch: string;
}

/**
 * The version of the fake, which is verified in place of Graph. The prefix shows in a broker that
 * Graph itself was not verified.
 */
export function fakeVersion(commit: string): string {
  return `fake-${commit}`;
}

/** @throws CommandError without a repository, a commit, or a branch */
export function gitVersion(env: NodeJS.ProcessEnv): GitVersion {
  const { output, reason = 'this is no work tree' } = runGit('rev-parse', '--is-inside-work-tree');
  if (output !== 'true') {
    throw new CommandError(
      `git is needed here: the version of a pact is the commit it was written at (${reason})`,
    );
  }
  const commit = git('rev-parse', '--verify', 'HEAD');
  if (commit === undefined) throw new CommandError('there is no commit yet');
  const branch = env['PACT_BRANCH'] ?? git('symbolic-ref', '--short', '--quiet', 'HEAD');
  if (branch === undefined || branch === '') {
    throw new CommandError(
      'no branch is checked out: set PACT_BRANCH to the branch of this commit',
    );
  }
  return { commit, branch };
}

/**
 * The whole id of a commit, a part of its id, or a tag. A checkout of CI may hold no older commit, so a
 * whole id need not be known.
 *
 * @throws CommandError if git knows no such commit
 */
export function commitOf(name: string): string {
  if (/^[0-9a-f]{40}$/.test(name)) return name;
  const commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  if (commit !== undefined) return commit;
  throw new CommandError(`git knows no commit ${name} here: use the whole id of the commit`);
}

/**
 * Compares the content, because git status omits ignored and excluded files.
 *
 * @throws CommandError if `file` differs from the commit
 */
export function refuseUncommitted(file: string): void {
  const committed = git('rev-parse', '--verify', '--quiet', `HEAD:./${file}`);
  if (committed !== undefined && committed === git('hash-object', '--', file)) return;
  throw new CommandError(
    `${file} differs from the commit: commit what npm test wrote, then publish`,
  );
}

function git(...args: string[]): string | undefined {
  return runGit(...args).output;
}

/** The output of git, or the first line of its error. */
function runGit(...args: string[]): { output?: string; reason?: string } {
  const { error, status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (error) return { reason: error.message };
  return status === 0 ? { output: stdout.trim() } : { reason: stderr.split('\n')[0] ?? '' };
}
