import type { Operation } from '@bookings/domain';
import type { FastifyInstance } from 'fastify';

/** A route as it was registered, with the marks that say whom it serves. */
export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly operation: Operation | undefined;
  readonly open: boolean;
}

/** Every route there is: tells "no such path" from "not with this method". */
export class KnownRoutes {
  readonly list: KnownRoute[] = [];

  /** Must be called before any route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method, config }) => {
      const { operation, open = false } = config ?? {};
      for (const each of [method].flat()) this.list.push({ method: each, url, operation, open });
    });
  }

  /** The methods that a path has; empty when it is not known. */
  methodsOf(target: string): readonly string[] {
    const path = target.split('?', 1)[0] ?? '';
    const routes = this.list.filter(({ url }) => pattern(url).test(path));
    return routes.map(({ method }) => method).sort();
  }
}

function pattern(url: string): RegExp {
  const segments = url.replaceAll(/[.$]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
  return new RegExp(`^${segments}/?$`);
}
