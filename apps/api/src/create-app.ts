import { BookingsUpstream } from '@bookings/domain';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.ts';
import { authenticate } from './auth/authenticate.hook.ts';
import { houseOf } from './auth/denials.ts';
import { TokenVerifier } from './auth/token-verifier.ts';
import type { Config } from './config/config.ts';
import { createServer } from './create-server.ts';
import { acceptJsonBodies } from './http/json-body.ts';
import type { KnownRoute } from './http/known-routes.ts';
import type { RequestEnd } from './http/request-trail.ts';
import { StateOpening } from './idempotency/state-opening.ts';
import { KeyedCreates } from './keyed-create/keyed-creates.ts';
import { Settlement } from './keyed-create/settlement.ts';
import { InFlight } from './ops/in-flight.ts';
import { ManagementModule } from './ops/management.module.ts';
import { Metrics } from './ops/metrics.ts';
import { Readiness } from './ops/readiness.ts';
import { requestEnds } from './ops/request-log.ts';

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
 * @param state closed with the application
 */
export async function createApp(
  config: Config,
  log: Logger,
  state = new StateOpening(config.idempotency),
): Promise<App> {
  const inFlight = new InFlight();
  const metrics = new Metrics(inFlight, () => unknownKeys(state));
  const logEnd = requestEnds(log, metrics);
  const begun = () => {
    inFlight.enter();
  };
  const ended: RequestEnd = (request, reply, departed) => {
    inFlight.leave();
    logEnd(request, reply, departed);
  };
  const module = AppModule.with(config, metrics, state, log);
  const server = await createServer(config, module, { begun, ended }, (nest) => {
    const fastify: FastifyInstance = nest.getHttpAdapter().getInstance();
    fastify.addHook('onRequest', authenticate(nest.get(TokenVerifier), houseOf(config)));
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
  config.businessRules?.watch(log);
  return {
    fastify,
    readiness,
    inFlight,
    routes: server.routes.list,
    listen: async (host, port) => {
      // A store that is being opened would be taken for one that is slow.
      await state.state().catch(() => undefined);
      return fastify.listen({ host, port });
    },
    management: management && {
      fastify: management.fastify,
      listen: (host, port) => management.fastify.listen({ host, port }),
    },
    whenIdle: async () => {
      await inFlight.whenIdle();
      await nest.get(KeyedCreates).whenIdle();
    },
    close: async () => {
      await server.close();
      nest.get(TokenVerifier).close();
      config.businessRules?.close();
      nest.get(Settlement).close();
      await nest.get(BookingsUpstream).close();
      // What they have just lost is remembered as such.
      await nest.get(KeyedCreates).whenIdle();
      await management?.close();
      await state.close();
    },
  };
}

async function unknownKeys({ opened }: StateOpening): Promise<number | undefined> {
  const figures = await opened?.store.figures().catch(() => undefined);
  return figures?.unknown;
}
