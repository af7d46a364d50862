import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Bytes that are the same for every caller. */
export interface StaticContent {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** A strong entity tag, with its quotes (RFC 9110, 8.8.3). */
  readonly etag: string;
}

export function staticContent(mediaType: string, bytes: Buffer): StaticContent {
  return { mediaType, bytes, etag: `"${hash('sha256', bytes, 'base64url')}"` };
}

/** Answers 304 to a caller that has these bytes already. */
export function sendStatic(
  request: FastifyRequest,
  reply: FastifyReply,
  { mediaType, bytes, etag }: StaticContent,
): void {
  // A cache may keep them, and asks each time whether they are still the same.
  reply.header('Cache-Control', 'no-cache').header('ETag', etag);
  if (isIn(request.headers['if-none-match'], etag)) reply.status(304).send();
  else reply.type(mediaType).send(bytes);
}

/** Whether `etag` is in the value of an `If-None-Match`, by weak comparison (RFC 9110, 13.1.2). */
function isIn(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  // The tag of a weak validator is quoted as that of a strong one.
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag);
}
