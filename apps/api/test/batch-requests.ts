import { isObject } from '@bookings/domain';
import { relativePath, DOCUMENTED_REQUEST } from './documented.ts';
import type { ProxyClient, ProxyResponse, RequestOptions } from './proxy-client.ts';

/** A part that reads. */
export const getPart = (id: string, url = relativePath(), more: object = {}) => ({
  id,
  method: 'GET',
  url,
  ...more,
});

/** A part that creates the documented customer. */
export const createPart = (id: string, more: object = {}) => ({
  id,
  method: 'POST',
  url: relativePath(),
  headers: { 'Content-Type': 'application/json' },
  body: JSON.parse(DOCUMENTED_REQUEST) as unknown,
  ...more,
});

export function sendBatch(
  proxy: ProxyClient,
  requests: unknown,
  options: RequestOptions = {},
): Promise<ProxyResponse> {
  return proxy.request('POST', '/v1.0/$batch', { body: JSON.stringify({ requests }), ...options });
}

/** The responses to the parts, in order. */
export function partsOf({ body }: ProxyResponse): Record<string, unknown>[] {
  const { responses } = body;
  return Array.isArray(responses) ? responses.filter(isObject) : [];
}

export const statusesOf = (response: ProxyResponse) =>
  partsOf(response).map(({ status }) => status);
