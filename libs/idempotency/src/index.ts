export { CustomerLists } from './customer-lists.ts';
export type { GuardRequest } from './guard.ts';
export type { IdempotentCreate } from './idempotent-create.ts';
export { IdempotentCreates } from './idempotent-creates.ts';
export { LeasedAttempts } from './leased-attempts.ts';
export { Moment } from './moment.ts';
export {
  type DisplayNames,
  type EnsuredCustomer,
  IDEMPOTENT_OUTCOMES,
  type IdempotencyAlarm,
  type IdempotencyAudit,
  type IdempotencyMetrics,
  type IdempotentOutcome,
  LOOKUP_RESULTS,
  type LookupResult,
} from './ports.ts';
export { Reconciler } from './reconciler.ts';
export { secretFileFault } from './secret-file.ts';
export {
  type OpenStore,
  type Serving,
  StoreConnection,
  type StoreOptions,
} from './store-connection.ts';
export { StoreSecret } from './store-secret.ts';
export { type IdempotencyStore, type StoreStatistics, StoreUnusable } from './store.ts';
export { UnkeyedCreates } from './unkeyed-creates.ts';
export { type Fit, type Settlement, UnknownKeyLookup } from './unknown-key-lookup.ts';
