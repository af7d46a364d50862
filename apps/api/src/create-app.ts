import { BookingsUpstream } from '@bookings/domain';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.ts';
import { authenticate } from './auth/authenticate.hook.ts';
import { houseOf } from './auth/denials.ts';
import { TokenVerifier } from './auth/token-verifier.ts';
import type { Config } from './config/config.ts';
import { errorAnswers } from './http/answer-error.ts';
import { expectContinue } from './http/expect-continue.ts';
import { GraphErrorFilter } from './http/graph-error.filter.ts';
import { acceptJsonBodies } from './http/json-body.ts';
import { type KnownRoute, KnownRoutes } from './http/known-routes.ts';
import { limitConnections, refuseConnect, serverOptions } from './http/server-options.ts';
import { type RequestEnd, startTrail, trackRequests } from './http/request-trail.ts';
import { InFlight } from './ops/in-flight.ts';
import { StateOpening } from './idempotency/state-opening.ts';
import { KeyedCreates } from './keyed-create/keyed-creates.ts';
import { Settlement } from './keyed-create/settlement.ts';
import { Metrics } from './ops/metrics.ts';
import { Readiness } from './ops/readiness.ts';
import { requestEnds } from './ops/request-log.ts';

/** The application, listening on nothing yet, and what its process needs to end it well. */
export interface App {
  readonly fastify: FastifyInstance;
  readonly readiness: Readiness;
  readonly inFlight: InFlight;
  readonly routes: readonly KnownRoute[];
  /** @returns the address it listens on, such as `http://127.0.0.1:3000` */
  listen(host: string, port: number): Promise<string>;
  /** Resolves when nothing is under way, also for callers that have left. */
  whenIdle(): Promise<void>;
  /** Stops listening, waits for running requests and ends every connection. */
  close(): Promise<void>;
}

/** How long connections without a running request get to end when listening is over. */
const LAST_CONNECTIONS_MS = 500;

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
  const routes = new KnownRoutes();
  const answerError = errorAnswers(routes);
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
  const adapter = new FastifyAdapter(
    serverOptions(config, (request, reply, error) => {
      startTrail(request, reply, begun, ended);
      answerError(request, reply, error);
    }),
  );
  const fastify: FastifyInstance = adapter.getInstance();
  routes.watch(fastify);
  const nest = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, metrics, state, log),
    adapter,
    {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    },
  );
  nest.useGlobalFilters(new GraphErrorFilter(answerError));
  const verifier = nest.get(TokenVerifier);
  limitConnections(fastify);
  trackRequests(fastify, begun, ended);
  routes.refuseOthers(fastify);
  fastify.addHook('onRequest', authenticate(verifier, houseOf(config)));
  acceptJsonBodies(fastify);
  expectContinue(fastify);
  await nest.init();
  config.businessRules?.watch(log);
  refuseConnect(fastify);
  return {
    fastify,
    readiness: nest.get(Readiness),
    inFlight,
    routes: routes.list,
    listen: async (host, port) => {
      // A store that is being opened would be taken for one that is slow.
      await state.state().catch(() => undefined);
      return fastify.listen({ host, port });
    },
    whenIdle: async () => {
      await inFlight.whenIdle();
      await nest.get(KeyedCreates).whenIdle();
    },
    close: async () => {
      // A connection that never finished a request is not idle to Node, and would hold it for ever.
      const impatience = setTimeout(() => {
        fastify.server.closeAllConnections();
      }, LAST_CONNECTIONS_MS);
      await nest.close();
      clearTimeout(impatience);
      verifier.close();
      config.businessRules?.close();
      nest.get(Settlement).close();
      await nest.get(BookingsUpstream).close();
      // What they have just lost is remembered as such.
      await nest.get(KeyedCreates).whenIdle();
      await state.close();
    },
  };
}

async function unknownKeys({ opened }: StateOpening): Promise<number | undefined> {
  const figures = await opened?.store.figures().catch(() => undefined);
  return figures?.unknown;
}
