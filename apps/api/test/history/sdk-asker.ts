import { isObject } from '@bookings/domain';
import { GraphError } from '@microsoft/microsoft-graph-client';
import { graphSdk } from '../graph-sdk.ts';
import { type Asker, noAnswer } from './asker.ts';
import type { Answer } from './history.ts';
import type { Intent } from './intents.ts';

/** The SDK sends tokens to its own hosts over https alone; `graphSdk` leads from there to the fake. */
const GRAPH = 'https://graph.microsoft.com';
/** As long as the deadline of the proxy in such a run. */
const APPEND_TIMEOUT_MS = 3500;
/** Answers that say come again; every other 4xx is final. */
const PASSING: readonly number[] = [408, 409, 429];

/** Asks the fake through Microsoft's SDK with its usual retries, as a service without the proxy does. */
export class SdkAsker implements Asker {
  readonly isRepeatable = false;
  readonly #client: ReturnType<typeof graphSdk>;

  constructor(fakeUrl: string, graphToken: string) {
    this.#client = graphSdk(GRAPH, fakeUrl, graphToken);
  }

  async ask({ business, customer }: Intent, signal?: AbortSignal): Promise<Answer> {
    const patience = AbortSignal.timeout(APPEND_TIMEOUT_MS);
    try {
      const answer: unknown = await this.#client
        .api(`/solutions/bookingBusinesses/${business}/customers`)
        .options({ signal: signal ? AbortSignal.any([signal, patience]) : patience })
        .post(customer);
      const id = isObject(answer) ? answer['id'] : undefined;
      return typeof id === 'string'
        ? { kind: 'created', id }
        : { kind: 'again', why: 'no customer in the answer' };
    } catch (error) {
      if (!(error instanceof GraphError)) return noAnswer(error);
      const { statusCode } = error;
      const isFinal = statusCode >= 400 && statusCode < 500 && !PASSING.includes(statusCode);
      return isFinal
        ? { kind: 'refused', status: statusCode }
        : { kind: 'again', why: statusCode > 0 ? String(statusCode) : 'no answer' };
    }
  }
}
