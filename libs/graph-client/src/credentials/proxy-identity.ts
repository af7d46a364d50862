import type {
  Configuration,
  ConfidentialClientApplication,
  INetworkModule,
} from '@azure/msal-node';
import { GraphError, USERS_NOT_SERVED } from '@bookings/domain';
import { federatedToken } from './federated-token.ts';
import { acquireToken } from './token-acquisition.ts';
import type { IssuedToken } from './token-cache.ts';
import { AuthenticationUnreadable } from './token-failure.ts';
import { TokenTransport } from './token-transport.ts';

/** The proxy's identity at Microsoft Entra. It acquires tokens and does not cache them. */
export abstract class ProxyIdentity {
  /** @throws GraphError when the acquisition fails */
  abstract applicationToken(): Promise<IssuedToken>;
  /**
   * @param assertion the user's token, for the on-behalf-of flow
   * @throws GraphError when the acquisition fails
   */
  abstract userToken(assertion: string): Promise<IssuedToken>;
  abstract close(): Promise<void>;
}

/** A certificate and its private key, in the form of `@azure/msal-node`. */
export interface ClientCertificate {
  /** SHA-256 of the certificate, hexadecimal without colons. */
  readonly thumbprintSha256: string;
  /** Unencrypted PEM. */
  readonly privateKey: string;
}

/** Read for each token, because it may be renewed. The message of an error is logged. */
export interface CredentialSource<T> {
  read(): T;
}

/** How the application authenticates at Entra. */
export type ClientAuthentication =
  | { readonly kind: 'client-secret'; readonly source: CredentialSource<string> }
  | { readonly kind: 'client-certificate'; readonly source: CredentialSource<ClientCertificate> }
  /** A federated token of the platform, which renews the file. */
  | { readonly kind: 'workload-identity'; readonly tokenFile: string };

export interface ConfidentialIdentityOptions {
  /** Such as `https://login.microsoftonline.com`; plain http on a loopback address. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  /** The resource of the tokens, such as `https://graph.microsoft.com`. */
  readonly resource: string;
  readonly timeoutMs: number;
}

const ON_BEHALF_OF_SCOPE = 'BookingsAppointment.ReadWrite.All';

/** The identity of an application registration. */
export class ConfidentialIdentity extends ProxyIdentity {
  readonly #transport: TokenTransport;

  constructor(private readonly options: ConfidentialIdentityOptions) {
    super();
    this.#transport = new TokenTransport(options.timeoutMs, options.authority);
  }

  applicationToken(): Promise<IssuedToken> {
    return acquireToken(this.#transport, false, async (network) => {
      const client = await this.#client(network, []);
      const scopes = [`${this.options.resource}/.default`];
      return client.acquireTokenByClientCredential({ scopes, skipCache: true });
    });
  }

  userToken(assertion: string): Promise<IssuedToken> {
    return acquireToken(this.#transport, true, async (network) => {
      // Entra sends claims challenges only to clients that declare the capability `cp1`.
      const client = await this.#client(network, ['cp1']);
      const scopes = [`${this.options.resource}/${ON_BEHALF_OF_SCOPE}`];
      return client.acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes, skipCache: true });
    });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  // A new client for each token, because the cache of the library is unbounded.
  async #client(
    networkClient: INetworkModule,
    clientCapabilities: string[],
  ): Promise<ConfidentialClientApplication> {
    const { authority, tenantId, clientId, authentication } = this.options;
    const { ConfidentialClientApplication: Client } = await import('@azure/msal-node');
    const host = new URL(authority).host;
    const tenant = `https://${host}/${tenantId}`;
    return new Client({
      auth: {
        clientId,
        authority: tenant,
        knownAuthorities: [host],
        // Fixed endpoints (Microsoft identity platform, v2.0) make a discovery request unnecessary.
        authorityMetadata: JSON.stringify({
          authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
          token_endpoint: `${tenant}/oauth2/v2.0/token`,
          issuer: `${tenant}/v2.0`,
          jwks_uri: `${tenant}/discovery/v2.0/keys`,
        }),
        clientCapabilities,
        ...(await authenticationOptions(authentication)),
      },
      system: { networkClient, disableInternalRetries: true },
    });
  }
}

async function authenticationOptions(
  authentication: ClientAuthentication,
): Promise<Partial<Configuration['auth']>> {
  switch (authentication.kind) {
    case 'client-secret':
      return { clientSecret: readable(authentication.source) };
    case 'client-certificate':
      return { clientCertificate: readable(authentication.source) };
    case 'workload-identity':
      return { clientAssertion: await federatedToken(authentication.tokenFile) };
  }
}

function readable<T>(source: CredentialSource<T>): T {
  try {
    return source.read();
  } catch (error) {
    const isError = error instanceof Error;
    throw new AuthenticationUnreadable(isError ? error.message : 'the credential cannot be read');
  }
}

export interface ManagedIdentityOptions {
  /** The client id of a user-assigned identity; absent for the system-assigned one. */
  readonly clientId?: string | undefined;
  readonly resource: string;
  readonly timeoutMs: number;
}

/** The managed identity of the host. It cannot act on behalf of users. */
export class ManagedIdentity extends ProxyIdentity {
  readonly #transport: TokenTransport;

  constructor(private readonly options: ManagedIdentityOptions) {
    super();
    this.#transport = new TokenTransport(options.timeoutMs);
  }

  applicationToken(): Promise<IssuedToken> {
    const { clientId, resource } = this.options;
    return acquireToken(this.#transport, false, async (networkClient) => {
      const { ManagedIdentityApplication } = await import('@azure/msal-node');
      const identity = new ManagedIdentityApplication({
        ...(clientId !== undefined && {
          managedIdentityIdParams: { userAssignedClientId: clientId },
        }),
        system: { networkClient, disableInternalRetries: true },
      });
      return identity.acquireToken({ resource, forceRefresh: true });
    });
  }

  userToken(): Promise<IssuedToken> {
    const { message } = USERS_NOT_SERVED;
    return Promise.reject(new GraphError('Authorization_RequestDenied', message));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
