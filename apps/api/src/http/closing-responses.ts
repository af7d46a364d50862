import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Makes responses say `Connection: close` while the process is stopping, so that no client sends its
 * next request on a connection that is about to end.
 */
export class ClosingResponses {
  constructor(private readonly isStopping: () => boolean) {}

  /** The header is set when a response is sent, because its request may be older than the stop. */
  addTo(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      this.mark(reply);
      done(null, payload);
    });
  }

  /** For a response that no hook sees. */
  mark(reply: FastifyReply): void {
    if (this.isStopping()) reply.header('connection', 'close');
  }
}
