import { operationPath } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { isHost } from './request-context.ts';

/**
 * The URL of a business's customers at the proxy.
 *
 * @param publicBaseUrl defaults to the address that the request used
 */
export function customersUrl(
  request: FastifyRequest,
  publicBaseUrl: string | undefined,
  business: string,
): string {
  const base = publicBaseUrl ?? `${schemeOf(request)}://${host(request)}`;
  return `${base}/v1.0${operationPath('listCustomers', { business })}`;
}

// A trusted proxy may forward a header that its own client wrote, so the values are checked.
export function schemeOf({ protocol }: FastifyRequest): 'http' | 'https' {
  return protocol === 'https' ? 'https' : 'http';
}

function host(request: FastifyRequest): string {
  return isHost(request.host) ? request.host : (request.headers.host ?? '');
}
