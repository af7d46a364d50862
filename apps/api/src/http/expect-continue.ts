import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphError } from '@bookings/domain';

/** Methods whose body is not read. */
const WITHOUT_BODY: readonly string[] = ['GET', 'HEAD'];

/** Requests that have been told to send their body. */
const continued = new WeakSet<FastifyRequest>();

/**
 * Answers `Expect: 100-continue` once the caller is known and permitted: Node alone would ask any
 * stranger for the body. A request that is refused keeps its body, so its connection is closed (RFC
 * 9110, 10.1.1). An expectation that is not known is ignored.
 */
export function expectContinue(fastify: FastifyInstance): void {
  const { server } = fastify;
  for (const event of ['checkContinue', 'checkExpectation'] as const) {
    server.on(event, (request, response) => server.emit('request', request, response));
  }
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (!expectsContinue(request) || WITHOUT_BODY.includes(request.method)) {
      done(null, payload);
      return;
    }
    const { bodyLimit } = request.routeOptions;
    if (Number(request.headers['content-length']) > bodyLimit) {
      const message = 'The body is larger than this service accepts.';
      done(new GraphError('RequestEntityTooLarge', message));
      return;
    }
    continued.add(request);
    reply.raw.writeContinue();
    done(null, payload);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (expectsContinue(request) && !continued.has(request)) reply.header('connection', 'close');
    done(null, payload);
  });
}

function expectsContinue({ raw }: FastifyRequest): boolean {
  return raw.headers.expect?.toLowerCase() === '100-continue' && raw.httpVersion === '1.1';
}
