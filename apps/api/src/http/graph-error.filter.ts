import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SendError } from './error-response.ts';

/** Sends every exception that reaches Nest in Graph's shape. */
@Catch()
export class GraphErrorFilter implements ExceptionFilter {
  constructor(private readonly sendError: SendError) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.sendError(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), exception);
  }
}
