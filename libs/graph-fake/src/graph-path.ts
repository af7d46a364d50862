/** The resource of a path below `/v1.0`. `business` and `id` are percent-decoded once. */
export type GraphTarget =
  | { readonly resource: string; readonly business: string; readonly id: string | null }
  | { readonly resource: 'malformed' | 'unknown'; readonly business: null };

const BELOW_BUSINESS = /^\/v1\.0\/solutions\/bookingBusinesses\/([^/]+)\/(.+)$/i;

export function isGraphPath(path: string): boolean {
  return /^\/v1\.0(\/|$)/i.test(path);
}

/**
 * The letter case of Graph's own segments does not matter.
 *
 * @param resources paths below a business, such as `customers/{id}`; the first match counts
 */
export function matchGraphPath(path: string, resources: readonly string[]): GraphTarget {
  const [, business = '', rest = ''] = BELOW_BUSINESS.exec(path) ?? [];
  try {
    const segments = rest.split('/').map(decodeURIComponent);
    const resource = resources.find((each) => matches(each.split('/'), segments));
    if (resource === undefined) return { resource: 'unknown', business: null };
    const id = segments[resource.split('/').indexOf('{id}')] ?? null;
    return { resource, business: decodeURIComponent(business), id };
  } catch {
    return { resource: 'malformed', business: null };
  }
}

function matches(resource: readonly string[], segments: readonly string[]): boolean {
  return (
    resource.length === segments.length &&
    segments.every((segment, index) =>
      resource[index] === '{id}'
        ? segment !== ''
        : resource[index]?.toLowerCase() === segment.toLowerCase(),
    )
  );
}
