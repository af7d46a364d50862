export {
  LeasedPermits,
  type LeasedPermitsOptions,
  type PermitEvents,
  type PermitMode,
} from './leased-permits.ts';
export { PostgresRows, type PostgresRowsOptions } from './postgres-rows.ts';
export { leaseMs, type PermitTimes } from './times.ts';
