import { hash } from 'node:crypto';
import { type Caller, GraphError } from '@bookings/domain';
import { type CredentialRequest, GraphCredential } from './graph-credential.ts';
import type { ProxyIdentity } from './proxy-identity.ts';
import { TokenBackoff } from './token-backoff.ts';
import { TokenCache } from './token-cache.ts';
import { isConsentMissing, isProxyFault } from './token-error.ts';
import { reasonOf, tokenFailureIn } from './token-failure.ts';

/** Called when an operator must act. */
export interface CredentialAlarms {
  /** Entra refuses the proxy's identity. */
  identity(cause: GraphError): void;
  /** The proxy lacks the consent to act on behalf of a user. */
  consent(cause: GraphError): void;
}

type Purpose = 'request' | 'probe';

const APPLICATION = 'application';

/**
 * Tokens from Microsoft Entra: by client credentials for an application, by the on-behalf-of flow
 * for a user.
 */
export class EntraCredential extends GraphCredential {
  readonly #cache = new TokenCache();
  readonly #backoff = new TokenBackoff();
  /** Whether the last acquisition failed because of the proxy's identity. */
  #refused = false;

  constructor(
    private readonly identity: ProxyIdentity,
    private readonly alarms: CredentialAlarms,
    /** Called after each request for a token, but not for one that is in the cache or held back. */
    private readonly requested: (succeeded: boolean) => void = () => undefined,
  ) {
    super();
  }

  token({ caller, callerToken }: CredentialRequest): Promise<string> {
    if (caller.kind === 'application') return this.#applicationToken('request');
    // The key is a digest, so that the cache holds no tokens of callers.
    const key = hash('sha256', callerToken, 'base64');
    const user = userOf(caller) ?? key;
    return this.#cache.get(key, () =>
      this.#acquire(user, () => this.identity.userToken(callerToken), 'request'),
    );
  }

  forget(token: string): void {
    this.#cache.forget(token);
  }

  /** Acquires the proxy's token if none is cached. */
  async unavailable(): Promise<string | undefined> {
    try {
      await this.#applicationToken('probe');
      return undefined;
    } catch (error) {
      if (!(error instanceof GraphError)) return 'The proxy could not obtain a token for Graph';
      const message = error.message.replace(/\.$/, '');
      const failure = tokenFailureIn(error);
      return failure === undefined ? message : `${message}: ${reasonOf(failure)}`;
    }
  }

  async close(): Promise<void> {
    this.#cache.close();
    await this.identity.close();
  }

  #applicationToken(purpose: Purpose): Promise<string> {
    return this.#cache.get(APPLICATION, () =>
      this.#acquire(APPLICATION, () => this.identity.applicationToken(), purpose),
    );
  }

  async #acquire<T>(owner: string, request: () => Promise<T>, purpose: Purpose): Promise<T> {
    try {
      const token = await this.#backoff.run(owner, () => this.#counted(request));
      this.#refused = false;
      return token;
    } catch (error) {
      if (error instanceof GraphError) this.#raiseAlarm(error, purpose);
      throw error;
    }
  }

  async #counted<T>(request: () => Promise<T>): Promise<T> {
    let succeeded = false;
    try {
      const token = await request();
      succeeded = true;
      return token;
    } finally {
      this.requested(succeeded);
    }
  }

  #raiseAlarm(error: GraphError, purpose: Purpose): void {
    if (isConsentMissing(error)) this.alarms.consent(error);
    if (!isProxyFault(error)) return;
    // Probes repeat every second; only the first failure raises the alarm.
    if (purpose === 'request' || !this.#refused) this.alarms.identity(error);
    this.#refused = true;
  }
}

/** The user in all their tokens: a new one does not end the throttling of their exchange. */
function userOf({ tenantId, objectId }: Caller): string | undefined {
  return objectId === undefined ? undefined : `${tenantId} ${objectId}`;
}
