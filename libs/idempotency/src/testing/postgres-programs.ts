import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Debian installs each version of PostgreSQL in a folder of its own. */
const VERSIONS = '/usr/lib/postgresql';
const NAMES = ['postgres', 'initdb', 'pg_dump', 'psql'];

/** The folder of a server and its clients of one version. Undefined where it is not installed. */
export const POSTGRES_PROGRAMS = versions()
  .map((version) => join(VERSIONS, version, 'bin'))
  .find((folder) => NAMES.every((name) => works(join(folder, name))));

function versions(): readonly string[] {
  try {
    return readdirSync(VERSIONS).toSorted((one, other) => Number(other) - Number(one));
  } catch {
    return [];
  }
}

function works(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

// `npm test` runs this file before Nx, because Nx hides the output of passing tests.
if (import.meta.main && POSTGRES_PROGRAMS === undefined) {
  process.stderr.write(
    'No pg_dump with its server was found, so a dump of PostgreSQL is not tried: install the package postgresql.\n',
  );
}
