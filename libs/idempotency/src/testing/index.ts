export { PostgresServer } from './postgres-server.ts';
export { specifyStore } from './specification/store-specification.ts';
export type { StoreUnderTest } from './specification/store-under-test.ts';
