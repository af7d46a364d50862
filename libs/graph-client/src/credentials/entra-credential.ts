import { hash } from 'node:crypto';
import { GraphError } from '@bookings/domain';
import { type CredentialRequest, GraphCredential } from './graph-credential.ts';
import type { ProxyIdentity } from './proxy-identity.ts';
import { TokenBackoff } from './token-backoff.ts';
import { TokenCache } from './token-cache.ts';
import { isOwnFault } from './token-failure.ts';

/** Told that the proxy's own identity was refused or cannot be used; an operator must act. */
export type IdentityAlarm = (cause: Error) => void;

/** What a token is for. */
type Purpose = 'request' | 'probe';

const APPLICATION = 'application';

/**
 * Tokens of an identity at Entra: the proxy's own for an application caller, one on the user's
 * behalf for a user.
 */
export class EntraCredential extends GraphCredential {
  readonly #cache = new TokenCache();
  readonly #backoff = new TokenBackoff();
  /** Whether the proxy's own identity was at fault the last time. */
  #refused = false;

  constructor(
    private readonly identity: ProxyIdentity,
    private readonly alarm: IdentityAlarm,
  ) {
    super();
  }

  token({ caller, callerToken }: CredentialRequest): Promise<string> {
    if (caller.kind === 'application') return this.#applicationToken('request');
    // A digest, so that the callers' tokens are not kept here as well.
    const key = hash('sha256', callerToken, 'base64');
    return this.#cache.get(key, () =>
      this.#acquire(() => this.identity.userToken(callerToken), 'request'),
    );
  }

  forget(token: string): void {
    this.#cache.forget(token);
  }

  /** Asks for the proxy's own token where none is held. Takes as long as the token endpoint. */
  async unavailable(): Promise<string | undefined> {
    try {
      await this.#applicationToken('probe');
      return undefined;
    } catch (error) {
      if (!(error instanceof GraphError)) return 'no token for Graph could be had';
      return error.message.replace(/\.$/, '');
    }
  }

  async close(): Promise<void> {
    this.#cache.close();
    await this.identity.close();
  }

  #applicationToken(purpose: Purpose): Promise<string> {
    return this.#cache.get(APPLICATION, () =>
      this.#acquire(() => this.identity.applicationToken(), purpose),
    );
  }

  async #acquire<T>(ask: () => Promise<T>, purpose: Purpose): Promise<T> {
    try {
      const token = await this.#backoff.run(ask);
      this.#refused = false;
      return token;
    } catch (error) {
      if (!isOwnFault(error) || !(error instanceof Error)) throw error;
      // Probes go on, every second: of those the first alone says it.
      if (purpose === 'request' || !this.#refused) this.alarm(error);
      this.#refused = true;
      throw error;
    }
  }
}
