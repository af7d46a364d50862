export { ClientSecret, type ClientSecretOptions } from './client-secret.ts';
export type { AddressSchema } from './customer-body.ts';
export { GraphClient, type GraphClientOptions } from './graph-client.ts';
export { type CredentialRequest, FixedToken, GraphCredential } from './graph-credential.ts';
