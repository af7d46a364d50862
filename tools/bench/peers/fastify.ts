// Fastify with a compiled ajv check and one log line of pino per request.
import { fastify, LogController } from 'fastify';
import { bodySchema } from './body-schema.ts';
import { forward, refusal } from './careful.ts';

const app = fastify({
  logger: true,
  logController: new LogController({ disableRequestLogging: true }),
  ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
});

app.addHook('onRequest', async (request, reply) => {
  const status = await refusal(request.headers.authorization);
  if (status) return reply.code(status).send({ error: { code: String(status), message: 'no' } });
});

app.addHook('onResponse', (request, reply, done) => {
  const { statusCode, elapsedTime } = reply;
  request.log.info({ method: request.method, statusCode, elapsedTime }, 'request completed');
  done();
});

app.post<{ Params: { business: string } }>(
  '/v1.0/solutions/bookingBusinesses/:business/customers',
  { schema: { body: bodySchema } },
  async (request, reply) => {
    const { status, type, body } = await forward(request.params.business, request.body);
    return reply.code(status).header('content-type', type).send(body);
  },
);
await app.listen({ port: 0, host: '127.0.0.1' });
