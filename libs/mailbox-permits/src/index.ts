export type { LeasedPermitsOptions, PermitMode } from './database-access.ts';
export { LeasedPermits } from './leased-permits.ts';
export type { PermitEvents } from './permit-events.ts';
export { PostgresRows, type PostgresRowsOptions } from './postgres-rows.ts';
export { leaseMs, type PermitTimes } from './times.ts';
export { inspectPermits, type PermitsSnapshot } from './inspect.ts';
