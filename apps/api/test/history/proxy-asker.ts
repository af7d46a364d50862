import { Agent, request } from 'undici';
import { isObject } from '@bookings/domain';
import { type Asker, noAnswer } from './asker.ts';
import type { Answer } from './history.ts';
import type { Intent } from './intents.ts';
import type { Random } from './random.ts';
import type { Replicas } from './replicas.ts';

/** What Graph's own refusals are in this run; another 4xx is nobody's. */
const REFUSALS: readonly number[] = [400, 403];
/** Longer than any deadline of the proxy's. */
const APPEND_TIMEOUT_MS = 15_000;

/** Asks the proxy, with an Idempotency-Key, whichever process it happens to reach. */
export class ProxyAsker implements Asker {
  readonly isRepeatable = true;
  readonly #replicas: Replicas;
  readonly #tokens: readonly string[];
  readonly #random: Random;
  readonly #agent = new Agent({
    headersTimeout: APPEND_TIMEOUT_MS,
    bodyTimeout: APPEND_TIMEOUT_MS,
  });

  /** @param tokens one for each caller */
  constructor(replicas: Replicas, tokens: readonly string[], random: Random) {
    this.#replicas = replicas;
    this.#tokens = tokens;
    this.#random = random;
  }

  async ask(intent: Intent, signal?: AbortSignal): Promise<Answer> {
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
      return answerIn(statusCode, await body.text());
    } catch (error) {
      return noAnswer(error);
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function answerIn(status: number, text: string): Answer {
  const body: unknown = JSON.parse(text);
  const { id, error } = isObject(body) ? body : {};
  if (status === 201 && typeof id === 'string') return { kind: 'created', id };
  const { code, innerError } = isObject(error) ? error : {};
  const { outcome, origin } = isObject(innerError) ? innerError : {};
  if (typeof outcome === 'string') return { kind: 'again', why: `${status} ${outcome}` };
  if (status === 429) return { kind: 'again', why: '429' };
  if (code === 'IdempotencyKeyInUse') return { kind: 'again', why: '409 in use' };
  if (origin !== 'proxy' && REFUSALS.includes(status)) return { kind: 'refused', status };
  return { kind: 'unexpected', why: `${status} ${text.slice(0, 500)}` };
}
