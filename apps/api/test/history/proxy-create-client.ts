import { Agent, request } from 'undici';
import { isObject } from '@bookings/domain';
import { type CreateClient, noResponse } from './create-client.ts';
import type { AttemptResult } from './history.ts';
import type { Intent } from './intents.ts';
import type { Random } from './random.ts';
import type { Replicas } from './replicas.ts';

/** Statuses with which Graph refuses a create in this run. */
const REFUSALS: readonly number[] = [400, 403];
/** Longer than the deadline of the proxy. */
const RESPONSE_TIMEOUT_MS = 15_000;

/** Sends creates with an Idempotency-Key to random processes of the proxy. */
export class ProxyCreateClient implements CreateClient {
  readonly isIdempotent = true;
  readonly #replicas: Replicas;
  readonly #tokens: readonly string[];
  readonly #random: Random;
  readonly #agent = new Agent({
    headersTimeout: RESPONSE_TIMEOUT_MS,
    bodyTimeout: RESPONSE_TIMEOUT_MS,
  });

  /** @param tokens one for each caller */
  constructor(replicas: Replicas, tokens: readonly string[], random: Random) {
    this.#replicas = replicas;
    this.#tokens = tokens;
    this.#random = random;
  }

  async create(intent: Intent, signal?: AbortSignal): Promise<AttemptResult> {
    const url = this.#replicas.url(this.#random.below(this.#replicas.count));
    try {
      const { statusCode, body } = await request(
        `${url}/v1.0/solutions/bookingBusinesses/${intent.business}/customers`,
        {
          method: 'POST',
          dispatcher: this.#agent,
          headers: {
            authorization: `Bearer ${this.#tokens[intent.caller] ?? ''}`,
            'content-type': 'application/json',
            'idempotency-key': intent.idempotencyKey,
          },
          body: JSON.stringify(intent.customer),
          ...(signal && { signal }),
        },
      );
      return resultOf(statusCode, await body.text());
    } catch (error) {
      return noResponse(error);
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function resultOf(status: number, text: string): AttemptResult {
  const body: unknown = JSON.parse(text);
  const { id, error } = isObject(body) ? body : {};
  if (status === 201 && typeof id === 'string') return { kind: 'created', id };
  const { code, innerError } = isObject(error) ? error : {};
  const { outcome, origin } = isObject(innerError) ? innerError : {};
  if (typeof outcome === 'string') return { kind: 'retry', reason: `${status} ${outcome}` };
  if (status === 429) return { kind: 'retry', reason: '429' };
  if (code === 'IdempotencyKeyInUse') return { kind: 'retry', reason: '409 in use' };
  if (origin !== 'proxy' && REFUSALS.includes(status)) return { kind: 'refused', status };
  return { kind: 'unexpected', reason: `${status} ${text.slice(0, 500)}` };
}
