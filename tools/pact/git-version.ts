import { execFileSync } from 'node:child_process';
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
  if (git('rev-parse', '--is-inside-work-tree') !== 'true') {
    throw new Complaint(
      'git is needed here: the version of a pact is the commit it was written at',
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

/** @throws Complaint when the pacts here are not those of the commit, whose version they would get */
export function refuseUncommittedPacts(): void {
  const changed = git('status', '--porcelain', '--', 'pacts');
  if (changed === '') return;
  throw new Complaint('pacts/ differs from the commit: commit what npm test wrote, then publish');
}

function git(...args: string[]): string | undefined {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', args, { encoding: 'utf8', stdio }).trim();
  } catch {
    return undefined;
  }
}
