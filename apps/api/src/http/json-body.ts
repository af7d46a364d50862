import { isUtf8 } from 'node:buffer';
import { type GraphError, MAX_JSON_DEPTH, isDeeperThan } from '@bookings/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest } from './bad-request.ts';
import { unsupportedMediaType } from './errors.ts';
import { describeJsonFault } from './json-fault.ts';

/** RFC 8259, 8.1: JSON is UTF-8, and a parser may ignore a byte order mark. */
const BOM = '\uFEFF';
/** Methods with a JSON body. */
const WITH_BODY = ['POST', 'PATCH'];
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/** Accepts only JSON in UTF-8. Other media types are refused before the body is read. */
export function acceptJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  // The hook below has refused other types.
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(WITH_BODY.includes(request.method) ? mediaTypeFault(request) : undefined);
  });
}

function mediaTypeFault(request: FastifyRequest): GraphError | undefined {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return unsupportedMediaType();
  }
  const charset = CHARSET.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    return unsupportedMediaType('The charset of the body must be UTF-8.');
  }
  return encoding.toLowerCase() === 'identity'
    ? undefined
    : unsupportedMediaType('The body must not be compressed: Content-Encoding is not supported.');
}

/**
 * Parses a complete body. Not a Fastify parser, because Fastify closes the connection when a parser
 * throws.
 *
 * @throws GraphError 400
 */
export function readJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw badRequest('The body is empty; a JSON object is expected.');
  }
  if (!isUtf8(body)) throw badRequest('The body is not valid UTF-8.');
  const value = parsed(body.toString('utf8'));
  if (isDeeperThan(value, MAX_JSON_DEPTH)) {
    throw badRequest(`The body is nested more than ${MAX_JSON_DEPTH} levels deep.`);
  }
  return value;
}

function parsed(text: string): unknown {
  const json = text.startsWith(BOM) ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch {
    throw badRequest(`The body is not valid JSON: ${describeJsonFault(json)}.`);
  }
}
