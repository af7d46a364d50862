import { randomBytes } from 'node:crypto';

/** An application that the token endpoint knows, with the API that it is. */
export interface RegisteredClient {
  /** Application (client) id, a GUID; also an audience of tokens meant for this application. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of the certificate with whose key it may sign assertions. */
  readonly certificate?: string | undefined;
  /** `sub` of the federated tokens that it trusts. */
  readonly federatedSubject?: string | undefined;
  /** App ID URI of the API it is, for example `api://bookings-proxy`. */
  readonly audience: string;
  /** Application permissions that it was granted on Microsoft Graph. */
  readonly roles: readonly string[];
}

/** The proxy's own registration; its secret is another one at every start unless given. */
export function proxyClient(
  clientSecret = randomBytes(24).toString('base64url'),
): RegisteredClient {
  return {
    clientId: 'b9d6b7d2-6a0c-4f5e-9a53-1d2f3c4b5a60',
    clientSecret,
    federatedSubject: 'system:serviceaccount:bookings:proxy',
    audience: 'api://bookings-proxy',
    roles: ['BookingsAppointment.ReadWrite.All'],
  };
}
