import type { FastifyInstance } from 'fastify';

/** Tells "no such path" from "not with this method", from the routes as they were registered. */
export class KnownRoutes {
  readonly #routes: { readonly path: RegExp; readonly methods: Set<string> }[] = [];

  /** Must be called before any route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      const path = new RegExp(
        `^${url.replaceAll(/[.$]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}/?$`,
      );
      const known = this.#routes.find((route) => route.path.source === path.source);
      const methods = known?.methods ?? new Set();
      for (const each of [method].flat()) methods.add(each);
      if (!known) this.#routes.push({ path, methods });
    });
  }

  /** The methods that a path has; empty when it is not known. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    return [...(this.#routes.find((route) => route.path.test(path))?.methods ?? [])].sort();
  }
}
