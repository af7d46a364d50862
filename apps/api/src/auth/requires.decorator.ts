import type { Operation } from '@bookings/domain';
import { RouteConfig } from '@nestjs/platform-fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be permitted to do. */
    readonly operation?: Operation;
    /** Answers anybody. */
    readonly open?: true;
    /**
     * Answers every caller with a token that verifies, because what it does is authorised piece by
     * piece. A route without any of the three marks answers nobody.
     */
    readonly anyCaller?: true;
  }
}

/** Serves callers whose token permits `operation`. */
export const Requires = (operation: Operation): MethodDecorator => RouteConfig({ operation });

/** Serves anybody. */
export const Public = (): MethodDecorator => RouteConfig({ open: true });

/** Serves every caller whose token verifies. */
export const RequiresToken = (): MethodDecorator => RouteConfig({ anyCaller: true });
