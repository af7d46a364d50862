import { operationPath } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { isHost } from './request-context.ts';

/**
 * Where callers find a business's customers: the proxy's own address, never Graph's.
 *
 * @param publicBaseUrl what callers use; without it what this request used, as far as trusted
 */
export function customersUrl(
  request: FastifyRequest,
  publicBaseUrl: string | undefined,
  business: string,
): string {
  const base = publicBaseUrl ?? `${scheme(request)}://${host(request)}`;
  return `${base}/v1.0${operationPath('listCustomers', { business })}`;
}

// A trusted proxy may pass on what its own client wrote.
function scheme({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? 'https' : 'http';
}

function host(request: FastifyRequest): string {
  return isHost(request.host) ? request.host : (request.headers.host ?? '');
}
