import {
  ConfidentialIdentity,
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
): GraphCredential {
  if (credential.kind === 'access-token') return new FixedToken(credential.token);
  const identity =
    credential.kind === 'managed-identity'
      ? new ManagedIdentity({ ...credential, timeoutMs })
      : new ConfidentialIdentity({ ...credential, timeoutMs });
  return new EntraCredential(identity, (err) => {
    log.error({ alarm: 'graph-identity', err }, 'no token for Graph');
  });
}
