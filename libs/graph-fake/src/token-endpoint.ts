import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticatedClient } from './client-authentication.ts';
import type { FaultScript, TokenFault } from './faults.ts';
import { scripted } from './faulty-response.ts';
import { readText, sendJson } from './http-message.ts';
import type { RegisteredClient } from './registered-client.ts';
import { tokenLifetimeSeconds } from './token-claims.ts';
import { clientCredentials, onBehalfOf, required } from './token-grants.ts';
import type { TokenIssuer } from './token-issuer.ts';
import { TokenRefusal } from './token-refusal.ts';

const formType = 'application/x-www-form-urlencoded';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** `POST /{tenant}/oauth2/v2.0/token`: client credentials and on-behalf-of. */
export class TokenEndpoint {
  readonly #issuer: TokenIssuer;
  readonly #clients: readonly RegisteredClient[];
  readonly #resources: readonly string[];
  readonly #faults: FaultScript<TokenFault>;

  constructor(
    issuer: TokenIssuer,
    clients: readonly RegisteredClient[],
    resources: readonly string[],
    faults: FaultScript<TokenFault>,
  ) {
    this.#issuer = issuer;
    this.#clients = clients;
    this.#resources = resources;
    this.#faults = faults;
  }

  async handle(request: IncomingMessage, response: ServerResponse, tenant: string): Promise<void> {
    // Before the body, so that requests use the script in order of arrival.
    const fault = this.#faults.next(request.method ?? '');
    const text = await readText(request);
    if (fault.kind === 'status') {
      const { status, headers, body } = scripted(fault, { 'Cache-Control': 'no-store' });
      response.writeHead(status, headers).end(body);
      return;
    }
    try {
      const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
      if (request.method !== 'POST' || type !== formType) {
        throw new TokenRefusal(
          'invalid_request',
          undefined,
          `The request must be a POST of a form.`,
        );
      }
      const access_token = await this.#grant(new URLSearchParams(text), tenant);
      sendJson(response, 200, {
        token_type: 'Bearer',
        expires_in: tokenLifetimeSeconds,
        access_token,
      });
    } catch (error) {
      if (!(error instanceof TokenRefusal)) throw error;
      sendJson(response, error.status, error.toBody());
    }
  }

  async #grant(form: URLSearchParams, tenant: string): Promise<string> {
    // Both flows require a concrete tenant, so that `common` is refused.
    if (tenant.toLowerCase() !== this.#issuer.authority.tenantId) {
      throw new TokenRefusal('invalid_request', 90002, 'The tenant is not found.');
    }
    const grant = required(form, 'grant_type');
    if (grant !== 'client_credentials' && grant !== jwtBearer) {
      throw new TokenRefusal(
        'unsupported_grant_type',
        undefined,
        'The grant type is not supported.',
      );
    }
    const client = await authenticatedClient(form, this.#clients, this.#issuer);
    const context = { issuer: this.#issuer, client, resources: this.#resources };
    return grant === jwtBearer ? onBehalfOf(form, context) : clientCredentials(form, context);
  }
}
