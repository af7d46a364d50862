import type { IncomingMessage, ServerResponse } from 'node:http';
import { queryOf, sendJson } from './http-message.ts';
import type { RegisteredClient } from './registered-client.ts';
import { tokenLifetimeSeconds } from './token-claims.ts';
import type { TokenIssuer } from './token-issuer.ts';

const PATH = '/msi/token';

/**
 * The token endpoint of App Service for a process with a managed identity (Microsoft: "Use managed
 * identities", REST endpoint reference). A request needs the secret header value.
 */
export class ManagedIdentityEndpoint {
  readonly url: string;
  /** The required value of `X-IDENTITY-HEADER`. */
  readonly header: string;
  readonly #issuer: TokenIssuer;
  readonly #client: RegisteredClient;

  constructor(issuer: TokenIssuer, client: RegisteredClient, header: string) {
    this.url = `${issuer.authority.url}${PATH}`;
    this.header = header;
    this.#issuer = issuer;
    this.#client = client;
  }

  /** Handles the request if the path is that of the endpoint. @returns whether it does */
  handles(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    if (path !== PATH) return false;
    const resource = queryOf(request).get('resource') ?? '';
    if (request.headers['x-identity-header'] !== this.header || resource === '') {
      sendJson(response, 400, { statusCode: 400, message: 'The request is not valid.' });
      return true;
    }
    const { clientId: appId, roles } = this.#client;
    const access_token = this.#issuer.issue({ version: '1.0', audience: resource, appId, roles });
    sendJson(response, 200, {
      access_token,
      expires_on: String(Math.floor(Date.now() / 1000) + tokenLifetimeSeconds),
      resource,
      token_type: 'Bearer',
      client_id: appId,
    });
    return true;
  }
}
