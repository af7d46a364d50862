import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.ts';
import { authenticate } from './auth/auth.hook.ts';
import { authorizationPolicy } from './auth/authorization.ts';
import { TokenVerifier } from './auth/token-verifier.ts';
import type { Config } from './config/config.ts';
import { createServer } from './http/create-server.ts';
import { acceptJsonBodies } from './http/json-body.ts';
import type { KnownRoute } from './http/known-routes.ts';
import type { RequestEnd } from './http/request-context.ts';
import { IdempotentCreates, StoreConnection } from '@bookings/idempotency';
import { InFlight } from './observability/in-flight.ts';
import { ManagementModule } from './observability/management.module.ts';
import { Metrics } from './observability/metrics.ts';
import { Readiness } from './observability/readiness.ts';
import { requestEnds } from './observability/request-log.ts';

/** A server that listens on nothing yet. */
export interface Listener {
  readonly fastify: FastifyInstance;
  /** @returns the address it listens on, such as `http://127.0.0.1:3000` */
  listen(host: string, port: number): Promise<string>;
}

/** The application, and what its process needs to end it well. */
export interface App extends Listener {
  readonly readiness: Readiness;
  readonly inFlight: InFlight;
  readonly routes: readonly KnownRoute[];
  /** The server of `MANAGEMENT_PORT`; undefined without one. */
  readonly management: Listener | undefined;
  /** Resolves when nothing is under way, also for callers that have left. */
  whenIdle(): Promise<void>;
  /** Stops listening, waits for running requests and ends every connection. */
  close(): Promise<void>;
}

/**
 * The one way to build the application: the process and the tests both use it.
 *
 * @param store closed with the application
 */
export async function createApp(
  config: Config,
  log: Logger,
  store = new StoreConnection(config.idempotency),
): Promise<App> {
  const inFlight = new InFlight();
  const metrics = new Metrics(inFlight, () => unknownKeys(store));
  const logEnd = requestEnds(log, metrics);
  const begun = () => {
    inFlight.enter();
  };
  const ended: RequestEnd = (request, reply, disconnected) => {
    inFlight.leave();
    logEnd(request, reply, disconnected);
  };
  const module = AppModule.with(config, { log, metrics, inFlight, store });
  const server = await createServer(config, module, { begun, ended }, (nest) => {
    const fastify: FastifyInstance = nest.getHttpAdapter().getInstance();
    fastify.addHook(
      'onRequest',
      authenticate(nest.get(TokenVerifier), authorizationPolicy(config)),
    );
    acceptJsonBodies(fastify);
  });
  const { nest, fastify } = server;
  const readiness = nest.get(Readiness);
  const management =
    config.managementPort === undefined
      ? undefined
      : // Its requests are no work that the end of the process has to wait for.
        await createServer(config, ManagementModule.with(readiness, metrics), {
          begun: () => undefined,
          ended: logEnd,
        });
  return {
    fastify,
    readiness,
    inFlight,
    routes: server.routes.list,
    listen: async (host, port) => {
      // A store that is being opened would be taken for one that is slow.
      await store.connect().catch(() => undefined);
      return fastify.listen({ host, port });
    },
    management: management && {
      fastify: management.fastify,
      listen: (host, port) => management.fastify.listen({ host, port }),
    },
    whenIdle: async () => {
      await inFlight.whenIdle();
      await nest.get(IdempotentCreates).whenIdle();
    },
    close: async () => {
      await server.close();
      // Probes are answered until the end.
      await management?.close();
    },
  };
}

async function unknownKeys({ current }: StoreConnection): Promise<number | undefined> {
  const statistics = await current?.store.statistics().catch(() => undefined);
  return statistics?.unknown;
}
