export type { IdShape } from './customer-id.ts';
export type { CustomerItem, NewCustomer, StoredCustomer } from './customer-store.ts';
export type { Fault, FaultResponse, FaultMoment } from './faults.ts';
export { GraphFake } from './graph-fake.ts';
export type { GraphFakeOptions } from './graph-fake-options.ts';
export type { Journal, JournalEntry } from './journal.ts';
export { proxyEnvironment } from './proxy-environment.ts';
export type { RegisteredClient } from './registered-client.ts';
export type { CallerTokenRequest, GraphTokenRequest } from './token-request.ts';
