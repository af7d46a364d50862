import type { IncomingMessage, ServerResponse } from 'node:http';
import { matchIssuerPath, openidConfiguration } from './discovery.ts';
import { sendJson } from './http-message.ts';
import type { Recorder } from './journal.ts';
import type { ManagedIdentityEndpoint } from './managed-identity.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Serves the issuer's configuration, keys and tokens. */
export class IssuerService {
  readonly #issuer: TokenIssuer;
  readonly #endpoint: TokenEndpoint;
  readonly #managedIdentity: ManagedIdentityEndpoint;
  readonly #recorder: Recorder;

  constructor(
    issuer: TokenIssuer,
    endpoint: TokenEndpoint,
    managedIdentity: ManagedIdentityEndpoint,
    recorder: Recorder,
  ) {
    this.#issuer = issuer;
    this.#endpoint = endpoint;
    this.#managedIdentity = managedIdentity;
    this.#recorder = recorder;
  }

  async handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#managedIdentity.handles(path, request, response)) return;
    const found = matchIssuerPath(path);
    switch (found?.document) {
      case 'token':
        this.#recorder.tokenRequests += 1;
        return this.#endpoint.handle(request, response, found.tenant);
      case 'keys':
        this.#recorder.keySetRequests += 1;
        sendJson(response, 200, this.#issuer.keySet);
        return;
      case 'configuration':
        sendJson(response, 200, openidConfiguration(this.#issuer));
        return;
      case undefined:
        sendJson(response, 404, {
          error: 'no such path of Graph, the issuer or the test endpoints',
        });
    }
  }
}
