import { performance } from 'node:perf_hooks';
import { BookingsGateway } from '@bookings/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.ts';
import { authenticate } from './auth/auth.hook.ts';
import { authorizationPolicy } from './auth/authorization.ts';
import { TokenVerifier } from './auth/token-verifier.ts';
import type { Config } from './config/config.ts';
import { createServer } from './http/create-server.ts';
import { acceptJsonBodies } from './http/json-body.ts';
import type { KnownRoute } from './http/known-routes.ts';
import type { RequestObserver } from './http/request-context.ts';
import { refuseWhileDraining } from './http/refuse-while-draining.ts';
import { RequestLog, statusOf } from './http/request-log.ts';
import { RequestTraces } from './http/request-traces.ts';
import { guardedStore } from './idempotency/restored-store.ts';
import {
  IdempotentCreates,
  type StoreConnection,
  type StoreStatistics,
} from '@bookings/idempotency';
import { InFlight } from './observability/in-flight.ts';
import type { Log } from './observability/logging.ts';
import { ManagementModule } from './health/management.module.ts';
import { Metrics } from './observability/metrics.ts';
import { Readiness } from './health/readiness.ts';
import { openTracer } from './observability/open-tracer.ts';

/** A server that does not listen yet. */
export interface Listener {
  readonly fastify: FastifyInstance;
  /** @returns the address it listens on, such as `http://127.0.0.1:3000` */
  listen(host: string, port: number): Promise<string>;
}

/** The application, and what the process needs to shut it down. */
export interface App extends Listener {
  readonly readiness: Readiness;
  readonly inFlight: InFlight;
  readonly routes: readonly KnownRoute[];
  /** The server of `MANAGEMENT_PORT`; undefined without one. */
  readonly management: Listener | undefined;
  /** Readiness fails from now on, and responses say `Connection: close`. Requests are served. */
  startStopping(): void;
  /** New requests get 503 from now on. */
  startDraining(): void;
  /**
   * Resolves when no request that arrived before the drain, no create and no attempt at Graph is
   * running, including those of disconnected clients.
   */
  whenIdle(): Promise<void>;
  /** Stops listening, waits for running requests and ends every connection. */
  close(): Promise<void>;
}

/**
 * Builds the application, for the process and for tests.
 *
 * @param store closed with the application
 */
export async function createApp(
  config: Config,
  log: Log,
  store = guardedStore(config, log),
): Promise<App> {
  const inFlight = new InFlight();
  /** Without what arrives during the drain, which may go on without end. */
  const accepted = new InFlight();
  let drainsSinceMs = Infinity;
  const isNew = ({ requestContext }: FastifyRequest) => requestContext.arrivedAtMs >= drainsSinceMs;
  const metrics = new Metrics(inFlight, () => statistics(store));
  const requestLog = new RequestLog(log, metrics);
  const tracer = await openTracer(config, log);
  const traces = new RequestTraces(tracer);
  const observer: RequestObserver = {
    onRequestStart: (request) => {
      inFlight.enter();
      if (!isNew(request)) accepted.enter();
      traces.start(request);
    },
    onRequestEnd: (request, reply, disconnected) => {
      inFlight.leave();
      if (!isNew(request)) accepted.leave();
      requestLog.logRequest(request, reply, disconnected);
      traces.end(request, statusOf(request, reply, disconnected));
    },
  };
  let isStopping = false;
  const module = AppModule.register(config, { log, metrics, store });
  const server = await createServer(
    config,
    module,
    observer,
    () => isStopping,
    (nest) => {
      const fastify: FastifyInstance = nest.getHttpAdapter().getInstance();
      fastify.addHook(
        'onRequest',
        authenticate(nest.get(TokenVerifier), authorizationPolicy(config)),
      );
      fastify.addHook('preValidation', refuseWhileDraining(isNew));
      acceptJsonBodies(fastify);
    },
  );
  const { nest, fastify } = server;
  const readiness = nest.get(Readiness);
  metrics.dependencies.keySetAgeMs = () => nest.get(TokenVerifier).keySetAgeMs;
  const management =
    config.managementPort === undefined
      ? undefined
      : // The shutdown does not wait for these requests.
        await createServer(
          config,
          ManagementModule.register(readiness, metrics),
          {
            onRequestStart: () => undefined,
            onRequestEnd: (...end) => {
              requestLog.logRequest(...end);
            },
          },
          () => isStopping,
        );
  return {
    fastify,
    readiness,
    inFlight,
    routes: server.routes.list,
    listen: async (host, port) => {
      // `/readyz` would report a store that is still opening as slow.
      await store.connect().catch(() => undefined);
      return fastify.listen({ host, port });
    },
    management: management && {
      fastify: management.fastify,
      listen: (host, port) => management.fastify.listen({ host, port }),
    },
    startStopping: () => {
      isStopping = true;
      readiness.drain();
    },
    startDraining: () => {
      drainsSinceMs = performance.now();
    },
    whenIdle: async () => {
      do {
        await accepted.whenIdle();
        await nest.get(IdempotentCreates).whenIdle();
        await nest.get(BookingsGateway).whenIdle();
        // Before the drain, requests may have arrived meanwhile.
      } while (accepted.count > 0);
    },
    close: async () => {
      await server.close();
      // Probes are answered until the application has closed.
      await management?.close();
      await tracer?.close();
    },
  };
}

function statistics({ current }: StoreConnection): Promise<StoreStatistics | undefined> {
  return current ? current.store.statistics().catch(() => undefined) : Promise.resolve(undefined);
}
