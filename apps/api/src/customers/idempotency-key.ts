import type { FastifyRequest } from 'fastify';
import { badRequest } from '../http/bad-request.ts';
import { timesSent } from '../http/request-context.ts';

const NAME = 'idempotency-key';
/** A String of RFC 8941, in which only a quote and a backslash are escaped. */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;
const KEY = /^[!-~]{1,255}$/;

/**
 * Reads the Idempotency-Key of a create, either quoted (draft-ietf-httpapi-idempotency-key-header, a
 * String of RFC 8941) or bare.
 *
 * @returns undefined without a key, when it is not required
 * @throws GraphError 400 for a missing, malformed or repeated key
 */
export function idempotencyKeyOf(request: FastifyRequest, required: boolean): string | undefined {
  const given = request.headers[NAME];
  if (given === undefined) {
    if (!required) return undefined;
    throw badRequest(
      'A create needs an Idempotency-Key: a unique value that each retry repeats.',
      NAME,
    );
  }
  if (Array.isArray(given) || timesSent(request, NAME) > 1) {
    throw badRequest('There must be one Idempotency-Key header.', NAME);
  }
  const key = parseIdempotencyKey(given.trim());
  if (key !== undefined) return key;
  throw badRequest(
    'Idempotency-Key must be 1 to 255 characters from ! to ~, bare or in double quotes.',
    NAME,
  );
}

/** @returns undefined for an invalid value */
export function parseIdempotencyKey(value: string): string | undefined {
  const quoted = QUOTED.exec(value)?.[1];
  // A bare key must not be confused with a quoted one or with a list.
  const key = quoted?.replaceAll(/\\(.)/g, '$1') ?? (/^"|,/.test(value) ? '' : value);
  return KEY.test(key) ? key : undefined;
}
