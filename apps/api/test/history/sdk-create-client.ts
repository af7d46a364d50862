import { isObject } from '@bookings/domain';
import { GraphError } from '@microsoft/microsoft-graph-client';
import { graphSdk } from '../graph-sdk.ts';
import { type CreateClient, noResponse } from './create-client.ts';
import type { AttemptResult } from './history.ts';
import type { Intent } from './intents.ts';

/** The SDK sends tokens only to Graph's hosts. `graphSdk` forwards these requests to the fake. */
const GRAPH = 'https://graph.microsoft.com';
/** Equal to the deadline of the proxy in this run. */
const RESPONSE_TIMEOUT_MS = 3500;
/** Statuses below 500 after which a retry may succeed. */
const TEMPORARY: readonly number[] = [408, 409, 429];

/** Sends creates to the fake with Microsoft's SDK and its default retries. */
export class SdkCreateClient implements CreateClient {
  readonly isIdempotent = false;
  readonly #client: ReturnType<typeof graphSdk>;

  constructor(fakeUrl: string, graphToken: string) {
    this.#client = graphSdk(GRAPH, fakeUrl, graphToken);
  }

  async create({ business, customer }: Intent, signal?: AbortSignal): Promise<AttemptResult> {
    const timeout = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
    try {
      const response: unknown = await this.#client
        .api(`/solutions/bookingBusinesses/${business}/customers`)
        .options({ signal: signal ? AbortSignal.any([signal, timeout]) : timeout })
        .post(customer);
      const id = isObject(response) ? response['id'] : undefined;
      return typeof id === 'string'
        ? { kind: 'created', id }
        : { kind: 'retry', reason: 'no customer in the response' };
    } catch (error) {
      if (!(error instanceof GraphError)) return noResponse(error);
      const { statusCode } = error;
      const isFinal = statusCode >= 400 && statusCode < 500 && !TEMPORARY.includes(statusCode);
      return isFinal
        ? { kind: 'refused', status: statusCode }
        : { kind: 'retry', reason: statusCode > 0 ? String(statusCode) : 'no response' };
    }
  }
}
