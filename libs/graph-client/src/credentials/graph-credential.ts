import type { Caller } from '@bookings/domain';

/** The caller that a token is for. */
export interface CredentialRequest {
  readonly caller: Caller;
  /** The caller's token, for the on-behalf-of exchange. It is never sent to Graph. */
  readonly callerToken: string;
}

/** The source of tokens for Graph. */
export abstract class GraphCredential {
  /**
   * @throws GraphError with outcome `not-sent`: 502 or 503; for a user also 401 with a challenge, or
   *   403 if an administrator must act
   */
  abstract token(request: CredentialRequest): Promise<string>;

  /** Discards a token that Graph refused. */
  abstract forget(token: string): void;

  /** @returns undefined when a token is available, or the reason why not */
  abstract unavailable(): Promise<string | undefined>;

  abstract close(): Promise<void>;
}

/** One fixed token for every caller, for experiments and tests. */
export class FixedToken extends GraphCredential {
  constructor(private readonly fixed: string) {
    super();
  }

  token(): Promise<string> {
    return Promise.resolve(this.fixed);
  }

  forget(): void {
    // There is no other token.
  }

  unavailable(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
