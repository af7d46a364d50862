import { readFile } from 'node:fs/promises';
import type {
  Configuration,
  ConfidentialClientApplication,
  INetworkModule,
} from '@azure/msal-node';
import { GraphError } from '@bookings/domain';
import { acquire } from './token-acquisition.ts';
import type { IssuedToken } from './token-cache.ts';
import { TokenTransport } from './token-transport.ts';

/** Who the proxy is at Entra. Tokens are asked for here and remembered elsewhere. */
export abstract class ProxyIdentity {
  /** The proxy's own token. @throws GraphError when there is none */
  abstract applicationToken(): Promise<IssuedToken>;
  /** A token on behalf of the user whose token is `assertion`. @throws GraphError when there is none */
  abstract userToken(assertion: string): Promise<IssuedToken>;
  abstract close(): Promise<void>;
}

/** A certificate and its private key, as Microsoft's library takes them. */
export interface ClientCertificate {
  /** SHA-256 of the certificate, hexadecimal without colons. */
  readonly thumbprintSha256: string;
  /** PEM, not encrypted. */
  readonly privateKey: string;
}

/** How an application proves that it is the one it says. Files are read anew for every token. */
export type ClientProof =
  | { readonly kind: 'client-secret'; readonly secret: string }
  | { readonly kind: 'client-certificate'; readonly read: () => ClientCertificate }
  /** A token of another issuer that the application trusts, which the platform renews in the file. */
  | { readonly kind: 'workload-identity'; readonly tokenFile: string };

export interface ConfidentialIdentityOptions {
  /** Such as `https://login.microsoftonline.com`; plain http on a loopback address. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  /** Root of Graph, such as `https://graph.microsoft.com`: the resource that tokens are for. */
  readonly resource: string;
  readonly timeoutMs: number;
}

const ON_BEHALF_OF_SCOPE = 'BookingsAppointment.ReadWrite.All';

/** An application with a registration of its own. */
export class ConfidentialIdentity extends ProxyIdentity {
  readonly #transport: TokenTransport;

  constructor(private readonly options: ConfidentialIdentityOptions) {
    super();
    this.#transport = new TokenTransport(options.timeoutMs, options.authority);
  }

  applicationToken(): Promise<IssuedToken> {
    return acquire(this.#transport, false, async (network) => {
      const client = await this.#client(network, []);
      const scopes = [`${this.options.resource}/.default`];
      return client.acquireTokenByClientCredential({ scopes, skipCache: true });
    });
  }

  userToken(assertion: string): Promise<IssuedToken> {
    return acquire(this.#transport, true, async (network) => {
      // Entra sends claims challenges to those alone who say that they understand them.
      const client = await this.#client(network, ['cp1']);
      const scopes = [`${this.options.resource}/${ON_BEHALF_OF_SCOPE}`];
      return client.acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes, skipCache: true });
    });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  // A new one for every token: the library's own cache has no bound, and keeps what it once had.
  async #client(
    networkClient: INetworkModule,
    clientCapabilities: string[],
  ): Promise<ConfidentialClientApplication> {
    const { authority, tenantId, clientId, proof } = this.options;
    const { ConfidentialClientApplication: Client } = await import('@azure/msal-node');
    const host = new URL(authority).host;
    const tenant = `https://${host}/${tenantId}`;
    return new Client({
      auth: {
        clientId,
        authority: tenant,
        knownAuthorities: [host],
        // Known (Microsoft identity platform, v2.0 endpoints): not looked up, so that nobody else says.
        authorityMetadata: JSON.stringify({
          authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
          token_endpoint: `${tenant}/oauth2/v2.0/token`,
          issuer: `${tenant}/v2.0`,
          jwks_uri: `${tenant}/discovery/v2.0/keys`,
        }),
        clientCapabilities,
        ...(await proofOf(proof)),
      },
      system: { networkClient, disableInternalRetries: true },
    });
  }
}

async function proofOf(proof: ClientProof): Promise<Partial<Configuration['auth']>> {
  switch (proof.kind) {
    case 'client-secret':
      return { clientSecret: proof.secret };
    case 'client-certificate':
      return { clientCertificate: proof.read() };
    case 'workload-identity':
      return { clientAssertion: (await readFile(proof.tokenFile, 'utf8')).trim() };
  }
}

export interface ManagedIdentityOptions {
  /** Of a user-assigned identity; absent for the system-assigned one. */
  readonly clientId?: string | undefined;
  readonly resource: string;
  readonly timeoutMs: number;
}

/** The identity of the machine that the process runs on: an application, and nobody's delegate. */
export class ManagedIdentity extends ProxyIdentity {
  readonly #transport: TokenTransport;

  constructor(private readonly options: ManagedIdentityOptions) {
    super();
    this.#transport = new TokenTransport(options.timeoutMs);
  }

  applicationToken(): Promise<IssuedToken> {
    const { clientId, resource } = this.options;
    return acquire(this.#transport, false, async (networkClient) => {
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
    const message =
      'This proxy serves applications alone: its managed identity cannot act on behalf of a user.';
    return Promise.reject(new GraphError('Authorization_RequestDenied', message));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
