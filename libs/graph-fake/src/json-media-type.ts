import type { IncomingMessage } from 'node:http';
import { GraphRefusal } from './graph-response.ts';

const WITH_BODY: readonly unknown[] = ['POST', 'PATCH'];

/**
 * Throws 415 if a body is not JSON. The status is in Graph's table of errors. Its code is unknown, and
 * so is whether Graph refuses a charset.
 */
export function requireJson({ method, headers }: IncomingMessage): void {
  if (!WITH_BODY.includes(method)) return;
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return;
  throw new GraphRefusal(415, 'UnsupportedMediaType', 'The media type is not supported.');
}
