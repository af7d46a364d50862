import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { GraphError } from '@bookings/domain';

/** Methods whose body is not read. */
const WITHOUT_BODY: readonly string[] = ['GET', 'HEAD'];

/** Requests that wait for a 100 before they send their body. */
const expecting = new WeakSet<IncomingMessage>();

/**
 * Answers `Expect: 100-continue` once the caller is known and permitted: Node alone would ask any
 * stranger for the body. A request that is refused keeps its body, so its connection is closed (RFC
 * 9110, 10.1.1). An expectation that is not known is ignored.
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
      const message = 'The body is larger than this service accepts.';
      done(new GraphError('RequestEntityTooLarge', message));
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
