import type {
  AuthenticationResult,
  INetworkModule,
  NetworkRequestOptions,
  NetworkResponse,
} from '@azure/msal-node';
import { connectionFault, isObject } from '@bookings/domain';
import type { ExchangeResult, WireFailure } from '../transport/exchange.ts';
import { header } from '../transport/headers.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import type { IssuedToken } from './token-cache.ts';
import { isThrottled } from './throttling.ts';
import { tokenError } from './token-error.ts';
import { type TokenFailure, type TokenRefusal, failureOf, refusalIn } from './token-failure.ts';
import type { TokenTransport } from './token-transport.ts';

/** The delay after the first failure without `Retry-After`. */
const DEFAULT_RETRY_DELAY_MS = 2000;

/**
 * Acquires one token with `@azure/msal-node`. Each acquisition has its own network module, because
 * the library's errors lack the status and the `Retry-After` of the response.
 *
 * @param request calls the library
 * @throws GraphError when the acquisition fails
 */
export async function acquireToken(
  transport: TokenTransport,
  forUser: boolean,
  request: (network: INetworkModule) => Promise<AuthenticationResult | null>,
): Promise<IssuedToken> {
  const network = new AcquisitionNetwork(transport);
  let result: AuthenticationResult | null;
  try {
    result = await request(network);
  } catch (thrown) {
    const failure = network.failure ?? { ...failureOf(thrown), ...network.refusal };
    throw tokenError(failure, forUser);
  }
  const lifetimeMs = (result?.expiresOn?.getTime() ?? 0) - Date.now();
  const token = result?.accessToken ?? '';
  // It must fit into a header and must not have expired.
  if (/^[\x21-\x7e]+$/.test(token) && lifetimeMs > 0) return { token, lifetimeMs };
  throw tokenError({ error: 'no usable token' }, forUser);
}

class AcquisitionNetwork implements INetworkModule {
  /** Why there is no usable response of the endpoint. */
  failure: TokenFailure | undefined;
  /** What the endpoint said about its refusal. */
  refusal: TokenRefusal | undefined;

  constructor(private readonly transport: TokenTransport) {}

  async sendGetRequestAsync<T>(
    url: string,
    { headers = {} }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    return this.#toResponse(await this.transport.send('GET', url, headers));
  }

  async sendPostRequestAsync<T>(
    url: string,
    { headers = {}, body = '' }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    return this.#toResponse(await this.transport.send('POST', url, headers, body));
  }

  #toResponse<T>(result: ExchangeResult): NetworkResponse<T> {
    if (result.kind === 'failure') throw this.#failed(failureWithoutAnswer(result));
    const { status, headers } = result;
    const body = readJson(result.body);
    this.refusal = status < 400 ? undefined : refusalIn(body);
    const number = this.refusal?.number;
    if (isThrottled(status, body, number)) {
      const givenMs = retryAfterMs(header(headers, 'retry-after'), Date.now());
      const retryDelayMs = givenMs ?? DEFAULT_RETRY_DELAY_MS;
      const isDelayGuessed = givenMs === undefined;
      throw this.#failed({ error: `status ${status}`, number, retryDelayMs, isDelayGuessed });
    }
    const fields = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const response = {
      status,
      headers: Object.fromEntries(fields),
      body,
    };
    if (!isMessage<T>(response)) throw this.#failed({ error: `status ${status} without JSON` });
    return response;
  }

  #failed(failure: TokenFailure): Error {
    this.failure = failure;
    return new Error(failure.error);
  }
}

function failureWithoutAnswer({ reason, cause }: WireFailure): TokenFailure {
  if (reason === 'connection') return { error: reason, connection: connectionFault(cause) };
  if (reason !== 'timeout') return { error: reason };
  return { error: reason, connection: { kind: 'timeout', reason: 'there was no answer in time' } };
}

// The library checks the properties of the body itself.
function isMessage<T>(
  response: NetworkResponse<T> | NetworkResponse<unknown>,
): response is NetworkResponse<T> {
  return isObject(response.body);
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
