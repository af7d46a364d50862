import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { bodyTooLarge } from './errors.ts';

/** Methods whose body is not read. */
const WITHOUT_BODY: readonly string[] = ['GET', 'HEAD'];

/** Requests whose client waits for a 100 before it sends the body. */
const expecting = new WeakSet<IncomingMessage>();

/**
 * Sends 100 Continue only after authentication and authorization. Node's default asks every client
 * for its body. The connection of a refused request is closed, because its body was not read
 * (RFC 9110, 10.1.1). Unknown expectations are ignored.
 */
export function expectContinue(fastify: FastifyInstance): void {
  const { server } = fastify;
  server.on('checkContinue', (request, response) => {
    expecting.add(request);
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (!expecting.has(request.raw) || WITHOUT_BODY.includes(request.method)) {
      done(null, payload);
      return;
    }
    const { bodyLimit } = request.routeOptions;
    if (Number(request.headers['content-length']) > bodyLimit) {
      done(bodyTooLarge(bodyLimit));
      return;
    }
    expecting.delete(request.raw);
    reply.raw.writeContinue();
    done(null, payload);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (expecting.has(request.raw)) reply.header('connection', 'close');
    done(null, payload);
  });
}
