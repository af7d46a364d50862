import { sanitizeForDisplay } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { badRequest } from './bad-request.ts';

const RIGHT_NAME = 'idempotency-key';
/**
 * Names that a client could take for `Idempotency-Key`: `X-Idempotency-Key`, `Idempotency_Key`,
 * `Idempotent-Token` and misspellings, and the OASIS header that asks for the same.
 */
const SIMILAR = /idemp|potency|repeatability-request-id/;

/**
 * Refuses a write with a key in the wrong header. If the header were ignored, a repeated create
 * would make a second customer, and the client would believe that it cannot.
 *
 * @throws GraphError 400
 */
export function refuseSimilarKeys({ headers }: FastifyRequest): void {
  const similar = Object.keys(headers).find((name) => name !== RIGHT_NAME && SIMILAR.test(name));
  if (similar === undefined) return;
  const shown = sanitizeForDisplay(similar);
  throw badRequest(
    `The header ${shown} is not supported. A create takes its key in Idempotency-Key.`,
    shown,
  );
}
