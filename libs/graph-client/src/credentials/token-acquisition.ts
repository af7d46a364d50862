import type {
  AuthenticationResult,
  INetworkModule,
  NetworkRequestOptions,
  NetworkResponse,
} from '@azure/msal-node';
import { isObject } from '@bookings/domain';
import type { Exchange } from '../transport/exchange.ts';
import { header } from '../transport/headers.ts';
import { retryAfterMs } from '../retry/retry-after.ts';
import type { IssuedToken } from './token-cache.ts';
import { type TokenFailure, failureOf, withoutToken } from './token-failure.ts';
import type { TokenTransport } from './token-transport.ts';

/** How long to let an endpoint be that fails without saying how long. */
const PAUSE_MS = 2000;

/**
 * One token through Microsoft's library, which is given a network of its own for it: so that an
 * answer which the library would only call an error keeps its status and its Retry-After.
 *
 * @throws GraphError when there is none
 */
export async function acquire(
  transport: TokenTransport,
  forUser: boolean,
  ask: (network: INetworkModule) => Promise<AuthenticationResult | null>,
): Promise<IssuedToken> {
  const network = new AcquisitionNetwork(transport);
  let result: AuthenticationResult | null;
  try {
    result = await ask(network);
  } catch (thrown) {
    throw withoutToken(network.failure ?? failureOf(thrown), forUser);
  }
  const lifetimeMs = (result?.expiresOn?.getTime() ?? 0) - Date.now();
  const token = result?.accessToken ?? '';
  // Something that can be sent as a bearer token, and lives.
  if (/^[\x21-\x7e]+$/.test(token) && lifetimeMs > 0) return { token, lifetimeMs };
  throw withoutToken({ error: 'no usable token' }, forUser);
}

class AcquisitionNetwork implements INetworkModule {
  /** Why the endpoint could not be asked, or would not answer. */
  failure: TokenFailure | undefined;

  constructor(private readonly transport: TokenTransport) {}

  async sendGetRequestAsync<T>(
    url: string,
    { headers = {} }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    return this.#answer(await this.transport.send('GET', url, headers));
  }

  async sendPostRequestAsync<T>(
    url: string,
    { headers = {}, body = '' }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    return this.#answer(await this.transport.send('POST', url, headers, body));
  }

  #answer<T>(result: Exchange): NetworkResponse<T> {
    if (result.kind === 'failure') throw this.#failed({ error: result.reason });
    const { status, headers, body } = result;
    if (status === 429 || status >= 500) {
      const asked = retryAfterMs(header(headers, 'retry-after'), Date.now());
      throw this.#failed({ error: `status ${status}`, waitMs: asked ?? PAUSE_MS });
    }
    const fields = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const answer = {
      status,
      headers: Object.fromEntries(fields),
      body: readJson(body),
    };
    if (!isMessage<T>(answer)) throw this.#failed({ error: `status ${status} without JSON` });
    return answer;
  }

  #failed(failure: TokenFailure): Error {
    this.failure = failure;
    return new Error(failure.error);
  }
}

// The library alone knows what it expects, and looks at every member before it relies on it.
function isMessage<T>(
  answer: NetworkResponse<T> | NetworkResponse<unknown>,
): answer is NetworkResponse<T> {
  return isObject(answer.body);
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
