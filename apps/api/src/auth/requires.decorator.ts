import type { Operation } from '@bookings/domain';
import { RouteConfig } from '@nestjs/platform-fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be permitted to do. */
    readonly operation?: Operation;
    /** Answers anybody. A route with neither mark answers nobody. */
    readonly open?: true;
  }
}

/** Serves callers whose token permits `operation`. */
export const Requires = (operation: Operation): MethodDecorator => RouteConfig({ operation });

/** Serves anybody. */
export const Public = (): MethodDecorator => RouteConfig({ open: true });
