import { randomBytes } from 'node:crypto';

/** An application that is registered at the token endpoint. */
export interface RegisteredClient {
  /** Application (client) id, a GUID. It is also an audience of tokens for this application. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of the certificate for signed assertions. */
  readonly certificate?: string | undefined;
  /**
   * A further valid secret and certificate (Microsoft Graph, resource type application:
   * `passwordCredentials` and `keyCredentials` are collections).
   */
  readonly others?: {
    readonly clientSecret?: string | undefined;
    readonly certificate?: string | undefined;
  };
  /** `sub` of trusted federated tokens. */
  readonly federatedSubject?: string | undefined;
  /** App ID URI, for example `api://bookings-proxy`. */
  readonly audience: string;
  /** Granted application permissions of Microsoft Graph. */
  readonly roles: readonly string[];
}

/** The registration of the proxy. By default, the secret is random. */
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
