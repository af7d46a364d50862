import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Content that is the same for every caller. */
export interface StaticContent {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** A strong entity tag, with its quotes (RFC 9110, 8.8.3). */
  readonly etag: string;
}

export function staticContent(mediaType: string, bytes: Buffer): StaticContent {
  return { mediaType, bytes, etag: `"${hash('sha256', bytes, 'base64url')}"` };
}

/** Sends the content, or 304 if `If-None-Match` has its entity tag. */
export function sendStatic(
  request: FastifyRequest,
  reply: FastifyReply,
  { mediaType, bytes, etag }: StaticContent,
): void {
  // Caches may store the content, but must revalidate it.
  reply.header('Cache-Control', 'no-cache').header('ETag', etag);
  if (isIn(request.headers['if-none-match'], etag)) reply.status(304).send();
  else reply.type(mediaType).send(bytes);
}

/** Whether `If-None-Match` has `etag`, by weak comparison (RFC 9110, 13.1.2). */
function isIn(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  // Weak and strong entity tags have the same quotes.
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag);
}
