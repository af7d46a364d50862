import type { FastifyRequest } from 'fastify';
import { isHost } from './request-trail.ts';

/**
 * Where callers find a customer: the proxy's own address, never Graph's.
 *
 * @param publicBaseUrl what callers use; without it what this request used, as far as trusted
 */
export function customerLocation(
  request: FastifyRequest,
  publicBaseUrl: string | undefined,
  business: string,
  customerId: string,
): string {
  const base = publicBaseUrl ?? `${scheme(request)}://${host(request)}`;
  const [businessKey, customerKey] = [business, customerId].map(encodeURIComponent);
  return `${base}/v1.0/solutions/bookingBusinesses/${businessKey}/customers/${customerKey}`;
}

// A trusted proxy may pass on what its own client wrote.
function scheme({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? 'https' : 'http';
}

function host(request: FastifyRequest): string {
  return isHost(request.host) ? request.host : (request.headers.host ?? '');
}
