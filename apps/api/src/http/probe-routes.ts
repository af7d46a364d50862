import type { FastifyRequest } from 'fastify';

/** Routes that monitors request repeatedly. */
const PROBE_ROUTES: readonly string[] = ['/livez', '/readyz', '/metrics'];

export function isProbe({ is404, routeOptions }: FastifyRequest): boolean {
  return !is404 && PROBE_ROUTES.includes(routeOptions.url ?? '');
}
