import type { Operation } from '@bookings/domain';
import { RouteConfig } from '@nestjs/platform-fastify';

/** A route without one of these properties is refused. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** The token must permit this operation; set by `@OperationRoute`. */
    readonly operation?: Operation;
    /** No token is needed. */
    readonly isPublic?: true;
    /** Any valid token is enough. The handler authorizes each part of the request. */
    readonly requiresToken?: true;
  }
}

/** The route needs no token. */
export const Public = (): MethodDecorator => RouteConfig({ isPublic: true });

/** The route needs a valid token with any permissions. */
export const RequiresToken = (): MethodDecorator => RouteConfig({ requiresToken: true });
