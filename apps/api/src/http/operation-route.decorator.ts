import { OPERATIONS, type Operation } from '@bookings/domain';
import { RequestMapping, RequestMethod, applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * Routes an operation's method and path to a controller method, for callers whose token permits the
 * operation. The controller's prefix is the version, `v1.0`.
 */
export function OperationRoute(operation: Operation): MethodDecorator {
  const { method, path } = OPERATIONS[operation];
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    RouteConfig({ operation }),
  );
}
