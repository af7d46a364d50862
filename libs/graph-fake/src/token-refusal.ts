import { randomUUID } from 'node:crypto';

type OAuthError =
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_resource'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type';

/**
 * A refusal of the token endpoint.
 *
 * Numbers are those that Microsoft's pages on the errors and the flows name; where none is known the
 * refusal has none, and the sentences are the fake's own. Clients branch on `error` alone.
 */
export class TokenRefusal extends Error {
  readonly status: 400 | 401;
  readonly error: OAuthError;
  readonly number: number | undefined;

  constructor(error: OAuthError, number: number | undefined, message: string) {
    super(message);
    this.name = 'TokenRefusal';
    this.error = error;
    this.number = number;
    this.status = error === 'invalid_client' ? 401 : 400;
  }

  /** The body as the error codes page shows it. */
  toBody(): Record<string, unknown> {
    const trace_id = randomUUID();
    const correlation_id = randomUUID();
    const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
    const trail = `Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`;
    const code = this.number === undefined ? '' : `AADSTS${this.number}: `;
    return {
      error: this.error,
      error_description: `${code}${this.message} ${trail}`,
      error_codes: this.number === undefined ? [] : [this.number],
      timestamp,
      trace_id,
      correlation_id,
    };
  }
}
