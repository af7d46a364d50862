import type { FastifyRequest } from 'fastify';

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
  const base = publicBaseUrl ?? `${request.protocol}://${request.host}`;
  const [businessKey, customerKey] = [business, customerId].map(encodeURIComponent);
  return `${base}/v1.0/solutions/bookingBusinesses/${businessKey}/customers/${customerKey}`;
}
