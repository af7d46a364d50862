import type { Caller } from '@bookings/domain';

/** On whose behalf a token is wanted. */
export interface CredentialRequest {
  readonly caller: Caller;
  /** The caller's own token, to be exchanged when the caller is a user; never sent to Graph. */
  readonly callerToken: string;
}

/** Whose token goes up. */
export abstract class GraphCredential {
  /** Rejects with GraphError 502 `not-sent`, or 401 with a claims challenge that the user must answer. */
  abstract token(request: CredentialRequest): Promise<string>;

  /** Graph refused `token`: do not hand it out again. */
  abstract forget(token: string): void;

  /** Undefined when a token is at hand or can be had, else the reason why not. */
  abstract unavailable(): Promise<string | undefined>;

  abstract close(): Promise<void>;
}

/** One fixed token for every caller: for trying things out, and for tests. */
export class FixedToken extends GraphCredential {
  constructor(private readonly fixed: string) {
    super();
  }

  token(): Promise<string> {
    return Promise.resolve(this.fixed);
  }

  forget(): void {
    // There is no other.
  }

  unavailable(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
