export type { AddressSchema } from './customer-body.ts';
export { EntraCredential, type CredentialAlarms } from './credentials/entra-credential.ts';
export {
  type CredentialRequest,
  FixedToken,
  GraphCredential,
} from './credentials/graph-credential.ts';
export {
  type ClientAuthentication,
  ConfidentialIdentity,
  ManagedIdentity,
  ProxyIdentity,
} from './credentials/proxy-identity.ts';
export { GraphClient, type GraphClientOptions } from './graph-client.ts';
export { type Clock, ELAPSED_TIME } from './mailbox-limiter/clock.ts';
export type { LearnedLimit } from './mailbox-limiter/learned-limit.ts';
export type { Permit, Permits, PermitsEvents, PermitSource } from './mailbox-limiter/permits.ts';
export { REFUSAL_REASONS, type RefusalReason } from './mailbox-limiter/place.ts';
export { type TokenFailure, reasonOf, tokenFailureIn } from './credentials/token-failure.ts';
export type { UpstreamEvents } from './upstream-events.ts';
