import { setTimeout as sleep } from 'node:timers/promises';
import { customersPath, DOCUMENTED_REQUEST } from './documented.ts';
import { jsonObject, objectIn } from './json.ts';

export interface ProxyResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as a JSON object; empty when it is not one. */
  readonly body: Record<string, unknown>;
  /** `error` of the body; empty when there is none. */
  readonly error: Record<string, unknown>;
  readonly innerError: Record<string, unknown>;
}

export interface RequestOptions {
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Null sends no token. The default belongs to an application with every permission. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface CreateOptions extends RequestOptions {
  readonly path?: string;
  readonly method?: string;
}

/** A poll without a pause takes a core from what it waits for. */
export const POLL_MS = 20;

/** Sends requests to a proxy over HTTP. */
export abstract class ProxyClient {
  abstract readonly url: string;
  protected abstract readonly token: string;

  /** Sends the documented create, except for what `options` change. */
  create(options: CreateOptions = {}): Promise<ProxyResponse> {
    const { method = 'POST', body = DOCUMENTED_REQUEST } = options;
    const isBodiless = method === 'GET' || method === 'HEAD';
    return this.request(method, options.path ?? customersPath(), {
      ...options,
      headers: { 'content-type': 'application/json', ...options.headers },
      ...(!isBodiless && { body }),
    });
  }

  async request(
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<ProxyResponse> {
    const { token = this.token, headers = {}, body, signal } = options;
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    return readResponse(response);
  }

  /** Sends a GET without a token. */
  async get(path: string): Promise<ProxyResponse> {
    return readResponse(await fetch(`${this.url}${path}`));
  }

  /** Polls `/readyz` until its response satisfies `condition`. Readiness is cached for a second. */
  async readyWhen(condition: (response: ProxyResponse) => boolean): Promise<ProxyResponse> {
    for (;;) {
      const response = await this.get('/readyz');
      if (condition(response)) return response;
      await sleep(POLL_MS);
    }
  }

  /** Polls `/metrics` until a metric has the value. */
  async metricIs(name: string, value: number): Promise<void> {
    while ((await this.metric(name)) !== value) await sleep(POLL_MS);
  }

  /** The value of a metric, with its labels if it has any. NaN when it is missing. */
  async metric(name: string): Promise<number> {
    const lines = (await this.get('/metrics')).text.split('\n');
    const line = lines.find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? NaN);
  }

  /** The sum of a metric over its labels. NaN when it is missing. */
  async metricSum(name: string): Promise<number> {
    const lines = (await this.get('/metrics')).text.split('\n');
    const values = lines.filter(
      (each) => each.startsWith(`${name} `) || each.startsWith(`${name}{`),
    );
    if (values.length === 0) return NaN;
    return values.reduce((sum, each) => sum + Number(each.slice(each.lastIndexOf(' '))), 0);
  }
}

export async function readResponse(response: Response): Promise<ProxyResponse> {
  const text = await response.text();
  const body = jsonObject(text);
  const error = objectIn(body, 'error');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body,
    error,
    innerError: objectIn(error, 'innerError'),
  };
}
