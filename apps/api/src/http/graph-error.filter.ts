import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerError } from './error-response.ts';

/** Everything that Nest catches, and everything that it lets Fastify hand to it. */
@Catch()
export class GraphErrorFilter implements ExceptionFilter {
  constructor(private readonly answerError: AnswerError) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answerError(
      http.getRequest<FastifyRequest>(),
      http.getResponse<FastifyReply>(),
      exception,
    );
  }
}
