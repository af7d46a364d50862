import type { GraphError, Operation } from '@bookings/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { methodNotAllowed, notFound } from './errors.ts';

/** A registered route and its access declaration. */
export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly operation: Operation | undefined;
  readonly isPublic: boolean;
  readonly requiresToken: boolean;
}

/** All registered routes. Distinguishes an unknown path (404) from a method that is not allowed. */
export class KnownRoutes {
  readonly list: KnownRoute[] = [];

  /** Must be called before any route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method, config }) => {
      const { operation, isPublic = false, requiresToken = false } = config ?? {};
      for (const each of [method].flat()) {
        this.list.push({ method: each, url, operation, isPublic, requiresToken });
      }
    });
  }

  /** Refuses requests without a route before their bodies are read. */
  refuseOthers(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      const isServed = !request.is404 && !this.#isMistaken(request);
      done(isServed ? undefined : this.refusal(request.url));
    });
  }

  /** The error for a request without a route. */
  refusal(target: string): GraphError {
    const methods = this.#methodsOf(target);
    return methods.length === 0 ? notFound(this.#patterns()) : methodNotAllowed(methods);
  }

  /**
   * Whether the router took one of OData's own segments, such as `$count`, for a parameter, because
   * its route has other methods.
   */
  #isMistaken({ url, method }: FastifyRequest): boolean {
    return SYSTEM_SEGMENT.test(pathOf(url)) && !this.#methodsOf(url).includes(method);
  }

  /** The paths of the operations, or all paths of a server without operations. */
  #patterns(): readonly string[] {
    const operations = this.list.filter(({ operation }) => operation !== undefined);
    const routes = operations.length > 0 ? operations : this.list;
    return [...new Set(routes.map(({ url }) => routeTemplate(url)))];
  }

  #methodsOf(target: string): readonly string[] {
    const path = pathOf(target);
    const matching = this.list.filter(({ url }) => matches(url, path));
    // The router prefers a static segment to a parameter.
    const fewest = Math.min(...matching.map(({ url }) => parameterCount(url)));
    const routes = matching.filter(({ url }) => parameterCount(url) === fewest);
    return routes.map(({ method }) => method).sort();
  }
}

/** The path of a route with its parameters in braces. */
export function routeTemplate(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}');
}

/** A last segment that is OData's own. */
const SYSTEM_SEGMENT = /\/\$\w+\/?$/;

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

function matches(url: string, path: string): boolean {
  // `/` has no segment, and must not match `//`.
  const segments = url.replace(/[/]$/, '').replaceAll(/[.$]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
  return new RegExp(`^${segments}/?$`).test(path);
}

function parameterCount(url: string): number {
  return url.split(':').length - 1;
}
