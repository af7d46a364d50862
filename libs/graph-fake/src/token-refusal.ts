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
 * An error of the token endpoint.
 *
 * The numbers are those of Microsoft's pages about errors and flows, and are absent where unknown.
 * The messages are those of the fake, because clients depend only on `error`.
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

  /** The body, as the page about error codes shows it. */
  toBody(): Record<string, unknown> {
    const trace_id = randomUUID();
    const correlation_id = randomUUID();
    const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
    const ids = `Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`;
    const code = this.number === undefined ? '' : `AADSTS${this.number}: `;
    return {
      error: this.error,
      error_description: `${code}${this.message} ${ids}`,
      error_codes: this.number === undefined ? [] : [this.number],
      timestamp,
      trace_id,
      correlation_id,
    };
  }
}
