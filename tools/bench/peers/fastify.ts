// What a careful team would write by hand: Fastify with its compiled ajv check, jose for every
// token, undici. No log, no metrics, no queue per business.
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Pool } from 'undici';
import { bodySchema } from './body-schema.ts';
import { settings, UPSTREAM_CONNECTIONS } from './settings.ts';

interface Route {
  Params: { business: string };
}

const keys = createRemoteJWKSet(new URL(settings.keySetUrl));
const { issuer, audience } = settings;
const pool = new Pool(settings.upstreamUrl, { connections: UPSTREAM_CONNECTIONS });
const headers = { authorization: `Bearer ${settings.upstreamToken}` };

const app = fastify({
  keepAliveTimeout: 600_000,
  ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
});

/** Resolves to the reply where it refuses. */
async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
  if (scheme !== 'Bearer' || token === undefined) return refuse(reply, 401);
  const verified = await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'] }).catch(
    () => undefined,
  );
  if (!verified) return refuse(reply, 401);
  const { roles } = verified.payload;
  const permitted = Array.isArray(roles) && roles.includes(settings.role);
  return permitted ? undefined : refuse(reply, 403);
}

function refuse(reply: FastifyReply, status: 401 | 403): FastifyReply {
  const code = status === 401 ? 'InvalidAuthenticationToken' : 'Authorization_RequestDenied';
  return reply.code(status).send({ error: { code, message: 'The request was refused.' } });
}

async function passOn(request: FastifyRequest<Route>, reply: FastifyReply): Promise<FastifyReply> {
  const [, query] = request.url.split('?');
  const path = `/v1.0/solutions/bookingBusinesses/${encodeURIComponent(request.params.business)}/customers`;
  const answer = await pool.request(
    request.method === 'POST'
      ? {
          method: 'POST',
          path,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(request.body),
        }
      : { method: 'GET', path: query === undefined ? path : `${path}?${query}`, headers },
  );
  reply.code(answer.statusCode);
  reply.header('content-type', answer.headers['content-type']);
  return reply.send(Buffer.from(await answer.body.arrayBuffer()));
}

const path = '/v1.0/solutions/bookingBusinesses/:business/customers';
app.post<Route>(path, { onRequest: authenticate, schema: { body: bodySchema } }, passOn);
app.get<Route>(path, { onRequest: authenticate }, passOn);
await app.listen({ port: settings.port, host: '127.0.0.1' });
