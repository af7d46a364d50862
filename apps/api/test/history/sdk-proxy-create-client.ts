import { randomUUID } from 'node:crypto';
import { graphSdk } from '../graph-sdk.ts';
import type { CreateClient } from './create-client.ts';
import type { AttemptResult } from './history.ts';
import type { Intent } from './intents.ts';
import type { Random } from './random.ts';
import type { Replicas } from './replicas.ts';
import { postWithSdk } from './sdk-create-client.ts';

/** The SDK sends tokens over https only. `graphSdk` forwards these requests to a process. */
const PUBLIC_URL = 'https://bookings.contoso.com';
/** Longer than the repeats of the SDK take. */
const RESPONSE_TIMEOUT_MS = 60_000;

/**
 * Sends creates without a key to random processes of the proxy, with Microsoft's SDK. The SDK says
 * when it repeats a request. So does this client when it sends a create with an unknown outcome again.
 */
export class SdkProxyCreateClient implements CreateClient {
  readonly isIdempotent = false;
  readonly #replicas: Replicas;
  readonly #tokens: readonly string[];
  readonly #random: Random;
  /** How often each create was sent, and its id, by its index. */
  readonly #sent = new Map<number, { readonly id: string; readonly times: number }>();

  /** @param tokens one for each caller */
  constructor(replicas: Replicas, tokens: readonly string[], random: Random) {
    this.#replicas = replicas;
    this.#tokens = tokens;
    this.#random = random;
  }

  create(intent: Intent, signal?: AbortSignal): Promise<AttemptResult> {
    const { id, times } = this.#sent.get(intent.index) ?? { id: randomUUID(), times: 0 };
    this.#sent.set(intent.index, { id, times: times + 1 });
    const url = this.#replicas.url(this.#random.below(this.#replicas.count));
    const client = graphSdk(PUBLIC_URL, url, this.#tokens[intent.caller] ?? '');
    // The SDK would choose another id for each call, and only its own repeats would have it.
    const headers = {
      'client-request-id': id,
      ...(times > 0 && { 'Retry-Attempt': String(times) }),
    };
    return postWithSdk(client, intent, headers, RESPONSE_TIMEOUT_MS, signal);
  }
}
