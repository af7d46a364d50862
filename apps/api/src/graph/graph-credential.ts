import {
  ConfidentialIdentity,
  type CredentialAlarms,
  EntraCredential,
  FixedToken,
  type GraphCredential,
  ManagedIdentity,
} from '@bookings/graph-client';
import type { GraphConfig } from '../config/config.ts';
import type { ClientAuthenticationConfig } from '../config/credential.ts';
import { errorFields } from '../observability/error-fields.ts';
import type { Log } from '../observability/logging.ts';

/** What is counted of a credential. */
export interface CredentialCounters {
  tokenRequested(succeeded: boolean): void;
  /** A file with the credential has changed. */
  fileChanged(succeeded: boolean): void;
}

/** The proxy's own identity at Graph. */
export function graphCredential(
  { credential, attemptTimeoutMs: timeoutMs }: GraphConfig,
  log: Log,
  counters?: CredentialCounters,
): GraphCredential {
  if (credential.kind === 'access-token') return new FixedToken(credential.token);
  if (credential.kind === 'application') watchFile(credential.authentication, log, counters);
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
  return new EntraCredential(identity, alarms, (succeeded) => counters?.tokenRequested(succeeded));
}

/** Reports what becomes of a changed file with the credential. */
function watchFile(
  authentication: ClientAuthenticationConfig,
  log: Log,
  counters: CredentialCounters | undefined,
): void {
  // The platform renews a federated token, which is valid for hours.
  if (authentication.kind === 'workload-identity') return;
  authentication.source.onChange((fault) => {
    counters?.fileChanged(fault === undefined);
    if (fault === undefined) log.write('credentialFileChanged');
    else log.write('credentialFileInvalid', errorFields(fault));
  });
}
