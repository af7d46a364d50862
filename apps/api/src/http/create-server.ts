import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { errorAnswers } from './error-response.ts';
import { expectContinue } from './expect-continue.ts';
import { GraphErrorFilter } from './graph-error.filter.ts';
import { KnownRoutes } from './known-routes.ts';
import { type RequestEnd, openRequestContext, trackRequests } from './request-context.ts';
import { limitConnections, refuseConnect, serverOptions } from './server-options.ts';

/** An HTTP server with the application's limits, ids, log lines and errors. */
export interface Server {
  readonly nest: NestFastifyApplication;
  readonly fastify: FastifyInstance;
  readonly routes: KnownRoutes;
  /** Stops listening, waits for running requests and ends every connection. */
  close(): Promise<void>;
}

/** What is told of every request. */
export interface RequestObserver {
  readonly begun: () => void;
  readonly ended: RequestEnd;
}

/** How long connections without a running request get to end when listening is over. */
const LAST_CONNECTIONS_MS = 500;

/**
 * @param module what the server serves
 * @param addHooks what else happens before a request is served
 */
export async function createServer(
  config: Config,
  module: DynamicModule,
  { begun, ended }: RequestObserver,
  addHooks: (nest: NestFastifyApplication) => void = () => undefined,
): Promise<Server> {
  const routes = new KnownRoutes();
  const answerError = errorAnswers(routes);
  const adapter = new FastifyAdapter(
    serverOptions(config, (request, reply, error) => {
      openRequestContext(request, reply, begun, ended);
      answerError(request, reply, error);
    }),
  );
  const fastify: FastifyInstance = adapter.getInstance();
  routes.watch(fastify);
  const nest = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  nest.useGlobalFilters(new GraphErrorFilter(answerError));
  limitConnections(fastify);
  trackRequests(fastify, begun, ended);
  routes.refuseOthers(fastify);
  addHooks(nest);
  expectContinue(fastify);
  await nest.init();
  refuseConnect(fastify);
  return {
    nest,
    fastify,
    routes,
    close: async () => {
      // A connection that never finished a request is not idle to Node, and would hold it for ever.
      const timeout = setTimeout(() => {
        fastify.server.closeAllConnections();
      }, LAST_CONNECTIONS_MS);
      await nest.close();
      clearTimeout(timeout);
    },
  };
}
