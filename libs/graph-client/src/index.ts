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
export { type TokenFailure, reasonOf, tokenFailureIn } from './credentials/token-failure.ts';
