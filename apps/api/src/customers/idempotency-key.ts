import type { FastifyRequest } from 'fastify';
import { badRequest } from '../http/bad-request.ts';
import { timesSent } from '../http/request-context.ts';

const NAME = 'idempotency-key';
/** What a String of RFC 8941 holds: quote and backslash behind a backslash alone. */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;
const KEY = /^[!-~]{1,255}$/;

/**
 * The Idempotency-Key of a create, without its quotes: written as the IETF draft has it
 * (draft-ietf-httpapi-idempotency-key-header, a String of RFC 8941), or bare.
 *
 * @returns undefined when there is none and none is required
 * @throws GraphError 400 for several, for one that is malformed, and for none where one is required
 */
export function idempotencyKeyOf(request: FastifyRequest, required: boolean): string | undefined {
  const given = request.headers[NAME];
  if (given === undefined) {
    if (!required) return undefined;
    throw badRequest(
      'A create needs an Idempotency-Key: one of its own, sent again with it.',
      NAME,
    );
  }
  if (Array.isArray(given) || timesSent(request, NAME) > 1) {
    throw badRequest('There must be one Idempotency-Key header.', NAME);
  }
  const key = read(given.trim());
  if (key !== undefined) return key;
  throw badRequest(
    'Idempotency-Key must be 1 to 255 characters from ! to ~, bare or in double quotes.',
    NAME,
  );
}

/** Undefined for what is no key. */
export function read(value: string): string | undefined {
  const quoted = QUOTED.exec(value)?.[1];
  // A bare one that begins like a quoted one, or goes on like several, is neither.
  const key = quoted?.replaceAll(/\\(.)/g, '$1') ?? (/^"|,/.test(value) ? '' : value);
  return KEY.test(key) ? key : undefined;
}
