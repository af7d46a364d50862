/** The resource of a path below `/v1.0`. `business` and `id` are percent-decoded once. */
export type GraphTarget =
  | { readonly resource: 'customers' | 'count'; readonly business: string }
  | { readonly resource: 'customer'; readonly business: string; readonly id: string }
  | { readonly resource: 'malformed' | 'unknown'; readonly business: null };

const customers = /^\/v1\.0\/solutions\/bookingBusinesses\/([^/]+)\/customers(?:\/([^/]+))?$/i;

export function isGraphPath(path: string): boolean {
  return /^\/v1\.0(\/|$)/i.test(path);
}

/** The letter case of Graph's own segments does not matter. */
export function matchGraphPath(path: string): GraphTarget {
  const [, business, id] = customers.exec(path) ?? [];
  if (business === undefined) return { resource: 'unknown', business: null };
  try {
    const collection = { business: decodeURIComponent(business) };
    if (id === undefined) return { resource: 'customers', ...collection };
    if (decodeURIComponent(id) === '$count') return { resource: 'count', ...collection };
    return { resource: 'customer', ...collection, id: decodeURIComponent(id) };
  } catch {
    return { resource: 'malformed', business: null };
  }
}
