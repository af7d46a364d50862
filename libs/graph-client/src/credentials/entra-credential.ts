import { hash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError } from '@bookings/domain';
import { type CredentialRequest, GraphCredential } from './graph-credential.ts';
import type { ProxyIdentity } from './proxy-identity.ts';
import { TokenBackoff } from './token-backoff.ts';
import { TokenCache } from './token-cache.ts';
import { isOwnFault } from './token-failure.ts';

/** Told that the proxy's own identity was refused or cannot be used; an operator must act. */
export type IdentityAlarm = (cause: Error) => void;

/** How long a probe waits, and how long what it found is good for. */
const PROBE_MS = 1000;
const APPLICATION = 'application';

/**
 * Tokens of an identity at Entra: the proxy's own for an application caller, one on the user's
 * behalf for a user.
 */
export class EntraCredential extends GraphCredential {
  readonly #cache = new TokenCache();
  readonly #backoff = new TokenBackoff();
  #probedAtMs = -Infinity;
  #probe: Promise<string | undefined> = Promise.resolve(undefined);

  constructor(
    private readonly identity: ProxyIdentity,
    private readonly alarm: IdentityAlarm,
  ) {
    super();
  }

  token({ caller, callerToken }: CredentialRequest): Promise<string> | string {
    if (caller.kind === 'application') return this.#applicationToken();
    // A digest, so that the callers' tokens are not kept here as well.
    const key = hash('sha256', callerToken, 'base64');
    return this.#cache.get(key, () => this.#acquire(() => this.identity.userToken(callerToken)));
  }

  forget(token: string): void {
    this.#cache.forget(token);
  }

  /** Asks for a token once in a second at most, and waits for it no longer than that. */
  unavailable(): Promise<string | undefined> {
    if (performance.now() - this.#probedAtMs >= PROBE_MS) {
      this.#probedAtMs = performance.now();
      this.#probe = this.#probeIdentity();
    }
    return this.#probe;
  }

  async close(): Promise<void> {
    this.#cache.close();
    await this.identity.close();
  }

  #applicationToken(): Promise<string> | string {
    return this.#cache.get(APPLICATION, () =>
      this.#acquire(() => this.identity.applicationToken()),
    );
  }

  async #acquire<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await this.#backoff.run(ask);
    } catch (error) {
      if (isOwnFault(error) && error instanceof Error) this.alarm(error);
      throw error;
    }
  }

  async #probeIdentity(): Promise<string | undefined> {
    const giveUp = new AbortController();
    const late = sleep(PROBE_MS, 'the token endpoint does not answer', { signal: giveUp.signal });
    const token = Promise.resolve(this.#applicationToken()).then(
      () => undefined,
      (error: unknown) =>
        error instanceof GraphError
          ? error.message.replace(/\.$/, '')
          : 'no token for Graph could be had',
    );
    const reason = await Promise.race([token, late]);
    giveUp.abort();
    await late.catch(() => undefined);
    return reason;
  }
}
