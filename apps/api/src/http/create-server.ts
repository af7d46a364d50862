import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { ClosingResponses } from './closing-responses.ts';
import { errorResponder } from './error-response.ts';
import { expectContinue } from './expect-continue.ts';
import { GraphErrorFilter } from './graph-error.filter.ts';
import { KnownRoutes } from './known-routes.ts';
import { type RequestObserver, openRequestContext, trackRequests } from './request-context.ts';
import { limitResponseTime, refuseConnect, serverOptions } from './server-options.ts';

/** An HTTP server with the application's limits, request ids, log lines and errors. */
export interface Server {
  readonly nest: NestFastifyApplication;
  readonly fastify: FastifyInstance;
  readonly routes: KnownRoutes;
  /** Stops listening, waits for running requests and ends every connection. */
  close(): Promise<void>;
}

/** How long connections without a running request may stay open after listening has stopped. */
const LAST_CONNECTIONS_MS = 500;

/**
 * @param module what the server serves
 * @param isStopping whether the process has been told to stop
 * @param addHooks adds further hooks
 */
export async function createServer(
  config: Config,
  module: DynamicModule,
  observer: RequestObserver,
  isStopping: () => boolean,
  addHooks: (nest: NestFastifyApplication) => void = () => undefined,
): Promise<Server> {
  const routes = new KnownRoutes();
  const sendError = errorResponder(routes);
  const closing = new ClosingResponses(isStopping);
  const adapter = new FastifyAdapter(
    serverOptions(config, (request, reply, error) => {
      openRequestContext(request, reply, observer);
      closing.mark(reply);
      sendError(request, reply, error);
    }),
  );
  const fastify: FastifyInstance = adapter.getInstance();
  routes.watch(fastify);
  const nest = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  nest.useGlobalFilters(new GraphErrorFilter(sendError));
  limitResponseTime(fastify);
  closing.addTo(fastify);
  trackRequests(fastify, observer);
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
      // Node does not count a connection with an unfinished request as idle and would wait for it.
      const timeout = setTimeout(() => {
        fastify.server.closeAllConnections();
      }, LAST_CONNECTIONS_MS);
      await nest.close();
      clearTimeout(timeout);
    },
  };
}
