export { InstalledPostgres } from './installed-postgres.ts';
export { PgBouncer } from './pgbouncer.ts';
export { PGBOUNCER } from './pgbouncer-program.ts';
export { POSTGRES_PROGRAMS } from './postgres-programs.ts';
export { PostgresServer } from './postgres-server.ts';
export { specifyDatabase } from './specification/database.ts';
export { specifyStore } from './specification/store-specification.ts';
export type { DatabaseUnderTest, StoreUnderTest } from './specification/store-under-test.ts';
