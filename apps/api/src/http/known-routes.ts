import type { GraphError, Operation } from '@bookings/domain';
import type { FastifyInstance } from 'fastify';
import { methodNotAllowed, notFound } from './errors.ts';

/** A registered route and its access declaration. */
export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly operation: Operation | undefined;
  readonly open: boolean;
  readonly anyCaller: boolean;
}

/** All registered routes. Distinguishes an unknown path (404) from a method that is not allowed. */
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

  /** Refuses requests without a route before their bodies are read. */
  refuseOthers(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      done(request.is404 ? this.refusal(request.url) : undefined);
    });
  }

  /** The error for a request without a route. */
  refusal(target: string): GraphError {
    const methods = this.#methodsOf(target);
    return methods.length === 0 ? notFound() : methodNotAllowed(methods);
  }

  #methodsOf(target: string): readonly string[] {
    const path = target.split('?', 1)[0] ?? '';
    const matching = this.list.filter(({ url }) => matches(url, path));
    // The router prefers a static segment to a parameter.
    const fewest = Math.min(...matching.map(({ url }) => parameterCount(url)));
    const routes = matching.filter(({ url }) => parameterCount(url) === fewest);
    return routes.map(({ method }) => method).sort();
  }
}

function matches(url: string, path: string): boolean {
  const segments = url.replaceAll(/[.$]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
  return new RegExp(`^${segments}/?$`).test(path);
}

function parameterCount(url: string): number {
  return url.split(':').length - 1;
}
