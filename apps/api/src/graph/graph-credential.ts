import {
  ConfidentialIdentity,
  type CredentialAlarms,
  EntraCredential,
  FixedToken,
  type GraphCredential,
  ManagedIdentity,
} from '@bookings/graph-client';
import type { GraphConfig } from '../config/config.ts';
import { errorFields } from '../observability/error-fields.ts';
import type { Log } from '../observability/logging.ts';

/** The proxy's own identity at Graph. */
export function graphCredential(
  { credential, attemptTimeoutMs: timeoutMs }: GraphConfig,
  log: Log,
  requested?: (succeeded: boolean) => void,
): GraphCredential {
  if (credential.kind === 'access-token') return new FixedToken(credential.token);
  const identity =
    credential.kind === 'managed-identity'
      ? new ManagedIdentity({ ...credential, timeoutMs })
      : new ConfidentialIdentity({ ...credential, timeoutMs });
  const alarms: CredentialAlarms = {
    identity: (error) => {
      log.write('graphIdentity', { 'bookings.aadsts': error.aadsts, ...errorFields(error) });
    },
    consent: (error) => {
      log.write('consent', { 'bookings.aadsts': error.aadsts, ...errorFields(error) });
    },
  };
  return new EntraCredential(identity, alarms, requested);
}
