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

  create(intent: Intent, signal?: AbortSignal): Promise<AttemptResult> {
    return postWithSdk(this.#client, intent, {}, RESPONSE_TIMEOUT_MS, signal);
  }
}

/** Sends a create with the SDK, which repeats it as it does by default. */
export async function postWithSdk(
  client: ReturnType<typeof graphSdk>,
  { business, customer }: Intent,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<AttemptResult> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response: unknown = await client
      .api(`/solutions/bookingBusinesses/${business}/customers`)
      .headers(headers)
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
