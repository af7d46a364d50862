import type { FastifyRequest } from 'fastify';
import { badRequest } from './bad-request.ts';

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Headers that would change what a write means, and what the proxy does not do about them. */
const NOT_HONOURED: Readonly<Record<string, string>> = {
  'idempotency-key': 'creates are not remembered by this version',
  'if-none-match': 'booking customers have no entity tags to compare',
  'x-http-method': 'the method of the request is the one that counts',
  'x-http-method-override': 'the method of the request is the one that counts',
};

/**
 * The caller's headers that Graph may see, by lower-case name.
 *
 * @throws GraphError 400 for a header or query option that would change what the write means
 */
export function headersOfWrite(request: FastifyRequest): Record<string, string> {
  for (const [name, reason] of Object.entries(NOT_HONOURED)) {
    if (request.headers[name] !== undefined) {
      throw badRequest(`The header ${name} is not honoured: ${reason}. Leave it out.`, name);
    }
  }
  if (/[?&](\$|%24)/i.test(request.url)) {
    throw badRequest('This operation takes no query options.', 'query');
  }
  const { accept, prefer, traceparent, 'if-match': ifMatch } = request.headers;
  return {
    ...(accept !== undefined && /\bapplication\/json\b/i.test(accept) && { accept }),
    ...(typeof prefer === 'string' && { prefer }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(typeof traceparent === 'string' && TRACEPARENT.test(traceparent) && { traceparent }),
  };
}
