import { documented } from './documented-example.fixture.ts';
import type { GraphFake } from './graph-fake.ts';
import { isRecord } from './record-reader.ts';

/** The smallest valid body. */
export const minimal = { '@odata.type': '#microsoft.graph.bookingCustomer', displayName: 'Joni' };

export interface PostOptions {
  /** By default, the request has no Authorization header. */
  readonly token?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export const customersPath = (business = documented.business): string =>
  `/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;

/** Sends a create with the proxy's token for Graph. */
export async function create(
  fake: GraphFake,
  body: unknown = minimal,
  options: PostOptions = {},
): Promise<Response> {
  return send(fake, body, { token: await fake.issueGraphToken(), ...options });
}

/** Sends a request to the fake. A string is sent unchanged. */
export function send(fake: GraphFake, body: unknown, options: PostOptions): Promise<Response> {
  const { token, path = customersPath(), method = 'POST', signal } = options;
  return fetch(`${fake.graphUrl}${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Sends creates of one application that the fake does not answer. Resolves when all have arrived.
 *
 * @returns aborts them; the fake notices the closed connections a moment later
 */
export async function holdCreates(
  fake: GraphFake,
  count: number,
  options: PostOptions = {},
): Promise<() => Promise<void>> {
  const before = fake.requests().requests.length;
  fake.script([{ kind: 'silence', when: 'before-stored', times: count }]);
  const controller = new AbortController();
  const { signal } = controller;
  const held = Array.from({ length: count }, () => create(fake, minimal, { ...options, signal }));
  const settled = Promise.allSettled(held);
  await fake.arrived(before + count);
  return async () => {
    controller.abort();
    await settled;
  };
}

/** The JSON object in a response. */
export async function objectIn(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json();
  if (!isRecord(body)) throw new TypeError('The response has no JSON object.');
  return body;
}

/** Status, code and message of an error in Graph's envelope. */
export async function refusalIn(response: Response): Promise<{
  readonly status: number;
  readonly code: unknown;
  readonly message: unknown;
}> {
  const { error } = await objectIn(response);
  if (!isRecord(error) || !isRecord(error['innerError']))
    throw new TypeError('The response has no Graph error.');
  return { status: response.status, code: error['code'], message: error['message'] };
}
