import { GraphError, isObject } from '@bookings/domain';
import { Pool } from 'undici';
import { challengeFor } from './claims-challenge.ts';
import { exchange } from './exchange.ts';
import type { IssuedToken } from './token-cache.ts';

export interface TokenEndpointOptions {
  /** Such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
}

const MAX_ANSWER_BYTES = 65_536;

/** OAuth 2.0 token endpoint of a tenant (Microsoft identity platform, v2.0). */
export class TokenEndpoint {
  readonly #pool: Pool;

  constructor(private readonly options: TokenEndpointOptions) {
    this.#pool = new Pool(options.authority, { allowH2: false, connections: 8 });
  }

  /**
   * @param grant form fields of the grant; the client's own are added
   * @throws GraphError: 401 when a user must do something, else 502. Nothing was sent to Graph.
   */
  async request(grant: Readonly<Record<string, string>>): Promise<IssuedToken> {
    const { tenantId, clientId, clientSecret, timeoutMs } = this.options;
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      ...grant,
    });
    const answer = await exchange(
      this.#pool,
      {
        method: 'POST',
        path: `/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: form.toString(),
      },
      { timeoutMs, maxBodyBytes: MAX_ANSWER_BYTES, departed: new AbortController().signal },
    );
    if (answer.kind === 'failure') throw noToken(answer.reason);
    const body = readObject(answer.body);
    const { access_token: token, expires_in: lifetimeSeconds } = body;
    if (answer.status === 200 && isToken(token) && isLifetime(lifetimeSeconds)) {
      return { token, lifetimeMs: lifetimeSeconds * 1000 };
    }
    const { error, claims } = body;
    // Only a user can sign in again.
    if (error === 'interaction_required' && 'assertion' in grant && typeof claims === 'string') {
      throw interactionRequired(claims);
    }
    throw noToken(
      `${answer.status} ${typeof error === 'string' ? error : 'without a usable token'}`,
    );
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function noToken(cause: string): GraphError {
  return new GraphError('BadGateway', 'The proxy could not obtain a token for Graph.', {
    outcome: 'not-sent',
    cause: new Error(`token endpoint: ${cause}`),
  });
}

/** Something that can be sent as a bearer token. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}

function isLifetime(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
}

function interactionRequired(claims: string): GraphError {
  const encoded = Buffer.from(claims).toString('base64');
  const message = 'The user must sign in again before the proxy can act on their behalf.';
  return new GraphError('InvalidAuthenticationToken', message, {
    headers: { 'WWW-Authenticate': challengeFor(encoded) },
  });
}

function readObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
