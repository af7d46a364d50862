import {
  ConfidentialIdentity,
  type CredentialAlarms,
  EntraCredential,
  FixedToken,
  type GraphCredential,
  ManagedIdentity,
} from '@bookings/graph-client';
import type { Logger } from 'pino';
import type { GraphConfig } from '../config/config.ts';

/** The proxy's own identity at Graph. */
export function graphCredential(
  { credential, attemptTimeoutMs: timeoutMs }: GraphConfig,
  log: Logger,
  requested?: (succeeded: boolean) => void,
): GraphCredential {
  if (credential.kind === 'access-token') return new FixedToken(credential.token);
  const identity =
    credential.kind === 'managed-identity'
      ? new ManagedIdentity({ ...credential, timeoutMs })
      : new ConfidentialIdentity({ ...credential, timeoutMs });
  const alarms: CredentialAlarms = {
    identity: (err) => {
      log.error({ alarm: 'graph-identity', aadsts: err.aadsts, err }, 'no token for Graph');
    },
    consent: (err) => {
      const message = 'no consent to call Graph on behalf of a user';
      log.error({ alarm: 'consent', aadsts: err.aadsts, err }, message);
    },
  };
  return new EntraCredential(identity, alarms, requested);
}
