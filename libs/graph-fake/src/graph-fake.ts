import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { CustomerStore, type NewCustomer, type StoredCustomer } from './customer-store.ts';
import { keySetUrl } from './discovery.ts';
import { type Fault, FaultScripts } from './faults.ts';
import { type GraphFakeOptions, withDefaults, type Settings } from './graph-fake-options.ts';
import { isGraphPath } from './graph-path.ts';
import { GraphService } from './graph-service.ts';
import { pathOf, sendJson } from './http-message.ts';
import { FEDERATION_AUDIENCE } from './client-authentication.ts';
import { IssuerService } from './issuer-service.ts';
import { type Journal, Recorder } from './journal.ts';
import { MailboxWork } from './mailbox-work.ts';
import { ManagedIdentityEndpoint } from './managed-identity.ts';
import { readFaults } from './read-faults.ts';
import type { RegisteredClient } from './registered-client.ts';
import { isTestEndpoint, handleTestRequest } from './test-endpoints.ts';
import { TokenEndpoint } from './token-endpoint.ts';
import { generateSigningKey, type SigningKey, TokenIssuer } from './token-issuer.ts';
import type { CallerTokenRequest, GraphTokenRequest } from './token-request.ts';

/** Microsoft Graph's booking customers and an Entra-like token issuer, over real HTTP. */
export class GraphFake {
  /** Root address, `http://HOST:PORT`. */
  readonly url: string;
  /** `url` with `/v1.0`, instead of `https://graph.microsoft.com/v1.0`. */
  readonly graphUrl: string;
  readonly tenantId = '3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70';
  /** The first registered client. */
  readonly client: RegisteredClient;
  /** The token endpoint of a machine with the client's identity. */
  readonly managedIdentity: ManagedIdentityEndpoint;
  readonly #server: Server;
  readonly #issuer: TokenIssuer;
  readonly #issuing: IssuerService;
  readonly #graph: GraphService;
  readonly #store: CustomerStore;
  readonly #recorder: Recorder;
  readonly #faults: FaultScripts;
  readonly #closing = new AbortController();

  private constructor(server: Server, url: string, key: SigningKey, settings: Settings) {
    this.#server = server;
    this.url = url;
    this.graphUrl = `${url}/v1.0`;
    this.client = settings.client;
    const work = new MailboxWork(settings.workMs, this.#closing.signal);
    this.#recorder = new Recorder(settings.keepsJournal, work.byMailbox);
    this.#faults = new FaultScripts(settings.faultFor);
    this.#issuer = new TokenIssuer({ url, tenantId: this.tenantId }, key);
    const audiences = [url, 'https://graph.microsoft.com'];
    const { clients } = settings;
    const endpoint = new TokenEndpoint(this.#issuer, clients, audiences, this.#faults.token);
    this.managedIdentity = new ManagedIdentityEndpoint(this.#issuer, this.client, randomUUID());
    this.#issuing = new IssuerService(this.#issuer, endpoint, this.managedIdentity, this.#recorder);
    this.#store = new CustomerStore(settings);
    this.#graph = new GraphService({
      ...settings,
      graphUrl: this.graphUrl,
      audiences,
      issuer: this.#issuer,
      store: this.#store,
      recorder: this.#recorder,
      faults: this.#faults.graph,
      work,
      signal: this.#closing.signal,
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#route(request, response).catch((error: unknown) => {
        this.#fail(response, error);
      });
    });
  }

  /** Rejects if it cannot listen on the address. */
  static async start(options: GraphFakeOptions = {}): Promise<GraphFake> {
    const settings = withDefaults(options);
    const key = await generateSigningKey();
    // Longer than clients keep pooled connections, so that only faults close them.
    const server = createServer({ keepAliveTimeout: 120_000 });
    server.listen(settings.port, settings.host);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('No TCP port.');
    const name = isIPv6(settings.host) ? `[${settings.host}]` : settings.host;
    return new GraphFake(server, `http://${name}:${address.port}`, key, settings);
  }

  /** `iss` of caller tokens of version 2.0. */
  get issuer(): string {
    return this.#issuer.issuer;
  }

  get jwksUrl(): string {
    return keySetUrl(this.#issuer);
  }

  /** A token for a caller of the proxy: an application, or with `scopes` a user. */
  issueToken(request: CallerTokenRequest = {}): Promise<string> {
    return Promise.resolve(
      this.#issuer.issue({ ...request, audience: request.audience ?? this.client.audience }),
    );
  }

  /**
   * A token for Graph, of version 1.0.
   *
   * Without `roles` and `scopes` it has the permissions of the first client.
   */
  issueGraphToken(request: GraphTokenRequest = {}): Promise<string> {
    return Promise.resolve(
      this.#issuer.issue({
        ...request,
        version: '1.0',
        audience: request.audience ?? this.url,
        roles: request.roles ?? (request.scopes === undefined ? this.client.roles : undefined),
        appId: request.appId ?? this.client.clientId,
      }),
    );
  }

  /** A federated token. The first client trusts it if `subject` is its `federatedSubject`. */
  issueFederatedToken(subject = this.client.federatedSubject): string {
    return this.#issuer.issue({ audience: FEDERATION_AUDIENCE, claims: { sub: subject } });
  }

  /** Creates a signing key with a new `kid`. Graph still accepts older tokens. */
  rotateKeys(): Promise<void> {
    return this.#issuer.rotate();
  }

  /** Replaces the fault script. @throws TypeError if it is invalid */
  script(faults: readonly Fault[]): void {
    this.#faults.replace(readFaults(faults));
  }

  requests(): Journal {
    return this.#recorder.journal();
  }

  /** The peak of work at any mailbox since the start. `forget` does not change it. */
  get peakOfWork(): number {
    return this.#recorder.work.highest;
  }

  /** In order of creation. */
  customers(business: string): readonly StoredCustomer[] {
    return this.#store.list(business);
  }

  /**
   * Adds a customer to a business without a request.
   *
   * @param createdDateTime ISO 8601; default now
   */
  add(business: string, customer: NewCustomer, createdDateTime?: string): StoredCustomer {
    return this.#store.add(business, customer, createdDateTime);
  }

  /** Deletes customers, journal and faults. */
  forget(): void {
    this.#store.forget();
    this.#recorder.forget();
    this.#faults.replace([]);
  }

  /** Resolves when `count` Graph requests have arrived completely since the last `forget`. */
  arrived(count: number): Promise<void> {
    return this.#recorder.arrived(count);
  }

  /** Closes the server and all connections. Pending responses are abandoned. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (isGraphPath(path)) return this.#graph.handle(request, response);
    if (isTestEndpoint(path)) return handleTestRequest(this, request, response);
    return this.#issuing.handle(path, request, response);
  }

  /** Reports a bug of the fake, unless it is closing or the client has disconnected. */
  #fail(response: ServerResponse, error: unknown): void {
    if (this.#closing.signal.aborted || response.destroyed) return;
    process.emitWarning(error instanceof Error ? error : String(error));
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { error: 'The fake failed.' });
  }
}
