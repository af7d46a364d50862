import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError } from '@bookings/domain';
import { type CredentialRequest, GraphCredential } from './graph-credential.ts';
import { TokenCache } from './token-cache.ts';
import { TokenEndpoint, type TokenEndpointOptions } from './token-endpoint.ts';

export interface ClientSecretOptions extends TokenEndpointOptions {
  /** Root of Graph, such as `https://graph.microsoft.com`: the resource that tokens are for. */
  readonly resource: string;
}

/** How long a probe waits, and how long what it found is good for. */
const PROBE_MS = 1000;
const APPLICATION = 'application';
const ON_BEHALF_OF_SCOPE = 'BookingsAppointment.ReadWrite.All';

/**
 * The proxy as a confidential client with a secret: its own token for an application caller, a
 * token on the user's behalf for a user.
 */
export class ClientSecret extends GraphCredential {
  readonly #endpoint: TokenEndpoint;
  readonly #cache = new TokenCache();
  readonly #resource: string;
  #probedAtMs = -Infinity;
  #probe: Promise<string | undefined> = Promise.resolve(undefined);

  constructor(options: ClientSecretOptions) {
    super();
    this.#endpoint = new TokenEndpoint(options);
    this.#resource = options.resource;
  }

  token({ caller, callerToken }: CredentialRequest): Promise<string> {
    if (caller.kind === 'application') return this.#applicationToken();
    // A digest, so that the callers' tokens are not kept here as well.
    const key = createHash('sha256').update(callerToken).digest('base64');
    return this.#cache.get(key, () =>
      this.#endpoint.request({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion: callerToken,
        scope: `${this.#resource}/${ON_BEHALF_OF_SCOPE}`,
      }),
    );
  }

  forget(token: string): void {
    this.#cache.forget(token);
  }

  /** Asks the token endpoint once in a second at most, and waits for it no longer than that. */
  unavailable(): Promise<string | undefined> {
    if (performance.now() - this.#probedAtMs >= PROBE_MS) {
      this.#probedAtMs = performance.now();
      this.#probe = this.#probeEndpoint();
    }
    return this.#probe;
  }

  async #probeEndpoint(): Promise<string | undefined> {
    const giveUp = new AbortController();
    const late = sleep(PROBE_MS, 'the token endpoint does not answer', { signal: giveUp.signal });
    const token = this.#applicationToken().then(
      () => undefined,
      (error: unknown) => {
        return error instanceof GraphError ? error.message : 'no token for Graph could be had';
      },
    );
    const reason = await Promise.race([token, late]);
    giveUp.abort();
    await late.catch(() => undefined);
    return reason;
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  #applicationToken(): Promise<string> {
    return this.#cache.get(APPLICATION, () =>
      this.#endpoint.request({
        grant_type: 'client_credentials',
        scope: `${this.#resource}/.default`,
      }),
    );
  }
}
