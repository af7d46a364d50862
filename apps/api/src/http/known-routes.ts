import { GraphError, type Operation } from '@bookings/domain';
import type { FastifyInstance } from 'fastify';

/** A route as it was registered, with the marks that say whom it serves. */
export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly operation: Operation | undefined;
  readonly open: boolean;
  readonly anyCaller: boolean;
}

/** Every route there is; tells "no such path" from "not with this method". */
export class KnownRoutes {
  readonly list: KnownRoute[] = [];

  /** Must be called before any route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method, config }) => {
      const { operation, open = false, anyCaller = false } = config ?? {};
      for (const each of [method].flat()) {
        this.list.push({ method: each, url, operation, open, anyCaller });
      }
    });
  }

  /** Refuses what is not routed before a byte of its body is read. */
  refuseOthers(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      done(request.is404 ? this.refusal(request.url) : undefined);
    });
  }

  /** Why `target` with its method is not served. */
  refusal(target: string): GraphError {
    const methods = this.#methodsOf(target);
    if (methods.length === 0) return new GraphError('ResourceNotFound', 'Nothing has this path.');
    const message = 'Specified HTTP method is not allowed for the request target.';
    return new GraphError('Request_BadRequest', message, {
      headers: { Allow: methods.join(', ') },
    });
  }

  #methodsOf(target: string): readonly string[] {
    const path = target.split('?', 1)[0] ?? '';
    const matching = this.list.filter(({ url }) => matches(url, path));
    // As the router does: a name wins over a key.
    const fewestKeys = Math.min(...matching.map(({ url }) => keysIn(url)));
    const routes = matching.filter(({ url }) => keysIn(url) === fewestKeys);
    return routes.map(({ method }) => method).sort();
  }
}

function matches(url: string, path: string): boolean {
  const segments = url.replaceAll(/[.$]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
  return new RegExp(`^${segments}/?$`).test(path);
}

function keysIn(url: string): number {
  return url.split(':').length - 1;
}
