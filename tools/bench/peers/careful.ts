// Code of a careful team: jose with a cache of verified tokens, and undici.
import { hash } from 'node:crypto';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { Pool } from 'undici';
import { connections, keySetUrl, settings } from './settings.ts';

const { issuer, audience, role, upstreamUrl, upstreamToken } = settings;
const keys = createRemoteJWKSet(new URL(keySetUrl));
const cache = new LRUCache<string, JWTPayload>({ max: 10_000 });
const pool = new Pool(upstreamUrl, { connections });

/** @returns the status of a refusal; undefined for an authorized request */
export async function refusal(authorization = ''): Promise<401 | 403 | undefined> {
  const token = authorization.replace(/^Bearer /, '');
  const digest = hash('sha256', token, 'base64');
  let claims = cache.get(digest);
  if (!claims) {
    const options = { issuer, audience, algorithms: ['RS256'] };
    const verified = await jwtVerify(token, keys, options).catch(() => undefined);
    if (!verified) return 401;
    claims = verified.payload;
    cache.set(digest, claims, { ttl: (claims.exp ?? 0) * 1000 - Date.now() });
  }
  const { roles } = claims;
  return Array.isArray(roles) && roles.includes(role) ? undefined : 403;
}

/** Sends a customer to the upstream. The body of the response is forwarded as bytes. */
export async function forward(business: string, customer: unknown) {
  const response = await pool.request({
    method: 'POST',
    path: `/v1.0/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`,
    headers: { authorization: `Bearer ${upstreamToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(customer),
  });
  const body = Buffer.from(await response.body.arrayBuffer());
  return { status: response.statusCode, type: String(response.headers['content-type']), body };
}
