import { spawnSync } from 'node:child_process';
import { Complaint } from './complaint.ts';

/** What is checked out here, in the words of a broker. */
export interface GitVersion {
  /** The whole commit id. */
  readonly commit: string;
  readonly branch: string;
}

/**
 * The version of the fake that stands for Graph: Graph itself has none that we know, and whoever
 * reads it in a broker shall see that it is not Graph that was asked.
 */
export function fakeVersion(commit: string): string {
  return `fake-${commit}`;
}

/** @throws Complaint where there is no repository, no commit, or no branch and no `PACT_BRANCH` */
export function gitVersion(env: NodeJS.ProcessEnv): GitVersion {
  const { output, reason = 'this is no work tree' } = said('rev-parse', '--is-inside-work-tree');
  if (output !== 'true') {
    throw new Complaint(
      `git is needed here: the version of a pact is the commit it was written at (${reason})`,
    );
  }
  const commit = git('rev-parse', '--verify', 'HEAD');
  if (commit === undefined)
    throw new Complaint('there is no commit yet whose version this could be');
  const branch = env['PACT_BRANCH'] ?? git('symbolic-ref', '--short', '--quiet', 'HEAD');
  if (branch === undefined || branch === '') {
    throw new Complaint(
      'no branch is checked out: set PACT_BRANCH to the one that this commit is of',
    );
  }
  return { commit, branch };
}

/**
 * By content: git's status says nothing of files that are ignored or that it was told to leave out.
 *
 * @throws Complaint when `file` is not what the commit has, whose version it would get
 */
export function refuseUncommitted(file: string): void {
  const committed = git('rev-parse', '--verify', '--quiet', `HEAD:./${file}`);
  if (committed !== undefined && committed === git('hash-object', '--', file)) return;
  throw new Complaint(`${file} differs from the commit: commit what npm test wrote, then publish`);
}

function git(...args: string[]): string | undefined {
  return said(...args).output;
}

/** What git printed, or the first line of its complaint. */
function said(...args: string[]): { output?: string; reason?: string } {
  const { error, status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (error) return { reason: error.message };
  return status === 0 ? { output: stdout.trim() } : { reason: stderr.split('\n')[0] ?? '' };
}
