import { spawnSync } from 'node:child_process';

/** Path of PgBouncer: of Debian's package, or found on the PATH. Undefined where it is not installed. */
export const PGBOUNCER = ['/usr/sbin/pgbouncer', 'pgbouncer'].find(
  (program) => spawnSync(program, ['--version']).status === 0,
);

// `npm test` runs this file before Nx, because Nx hides the output of passing tests.
if (import.meta.main && PGBOUNCER === undefined) {
  process.stderr.write(
    'No PgBouncer was found, so the PostgreSQL store is not tried behind it: install the package pgbouncer.\n',
  );
}
