/** What a path below `/v1.0` speaks of. */
export type GraphTarget =
  | { readonly resource: 'customers'; readonly business: string }
  | { readonly resource: 'malformed' | 'unknown'; readonly business: null };

const customers = /^\/v1\.0\/solutions\/bookingBusinesses\/([^/]+)\/customers$/i;

export function isGraphPath(path: string): boolean {
  return /^\/v1\.0(\/|$)/i.test(path);
}

/** Letter case does not matter in Graph's own segments; the business is percent-decoded once. */
export function matchGraphPath(path: string): GraphTarget {
  const business = customers.exec(path)?.[1];
  if (business === undefined) return { resource: 'unknown', business: null };
  try {
    return { resource: 'customers', business: decodeURIComponent(business) };
  } catch {
    return { resource: 'malformed', business: null };
  }
}
