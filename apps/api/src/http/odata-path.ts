const CANONICAL =
  /^\/v1\.0\/solutions\/bookingBusinesses\/[^/()]+\/customers(?:\/(?:\$count|[^/()$%]+))?$/;
/** A path of customers as `canonicalPath` returns it. */
const CUSTOMERS = /^\/v1\.0\/solutions\/bookingBusinesses\/[^/]+\/customers(?:\/[^/]+)?$/;

/** The segments after the version. `undefined` stands for a key. */
const SHAPE = ['solutions', 'bookingBusinesses', undefined, 'customers', undefined] as const;
/** The number of segments in the path of the collection. */
const COLLECTION_LENGTH = SHAPE.length - 1;
/** Adds the text before the first slash, the version, and the text after a trailing slash. */
const MAX_SEGMENTS = SHAPE.length + 3;

/**
 * Normalizes the spellings that Graph accepts for a path: any letter case, an optional `/v1.0` and
 * trailing slash, and OData keys such as `customers('{id}')`. Keys keep their case and encoding.
 * Other paths are returned unchanged.
 */
export function canonicalPath(target: string): string {
  // A server must accept the absolute form (RFC 9112, 3.2.2).
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  const path = pathOf(url);
  if (CANONICAL.test(path)) return url;
  const parts = path.split('/', MAX_SEGMENTS + 1);
  if (parts.length > MAX_SEGMENTS) return url;
  const segments = parts.slice(1);
  if (segments.at(-1) === '') segments.pop();
  if (segments[0]?.toLowerCase() === 'v1.0') segments.shift();
  const canonical = batch(segments) ?? customers(segments);
  return canonical === undefined ? url : `/v1.0/${canonical}${url.slice(path.length)}`;
}

/** @param target canonical, with or without a query */
export function isCustomersPath(target: string): boolean {
  return CUSTOMERS.test(pathOf(target));
}

function pathOf(target: string): string {
  const queryAt = target.indexOf('?');
  return queryAt < 0 ? target : target.slice(0, queryAt);
}

function batch(segments: readonly string[]): string | undefined {
  return segments.length === 1 && isSystem(segments[0], 'batch') ? '$batch' : undefined;
}

function customers(segments: readonly string[]): string | undefined {
  const parts: string[] = [];
  for (const segment of segments) {
    // Names and keys alternate, and a name may contain its key.
    parts.push(...(parts.length % 2 === 1 ? keyForm(segment) : [named(segment)]));
  }
  if (parts.length !== SHAPE.length && parts.length !== COLLECTION_LENGTH) return undefined;
  const canonical = parts.map((part, index) => {
    const name = SHAPE[index];
    if (name === undefined) return part;
    return name.toLowerCase() === part.toLowerCase() ? name : '';
  });
  return canonical.includes('') ? undefined : canonical.join('/');
}

/** Splits `name('key')`. Quotes and brackets may be percent-encoded. A doubled quote stands for one. */
function keyForm(segment: string): string[] {
  const [, name, key] = /^(\w+)(?:\(|%28)(?:'|%27)(.*)(?:'|%27)(?:\)|%29)$/i.exec(segment) ?? [];
  if (name === undefined || key === undefined) return [segment];
  const single = key.replaceAll(/(?:'|%27){2}/gi, '\0');
  if (/'|%27/i.test(single)) return [segment];
  // A quoted text is a key, so `$` must not mark a system segment such as `$count`.
  return [name, single.replaceAll('\0', '%27').replaceAll('$', '%24')];
}

function named(segment: string): string {
  return isSystem(segment, 'count') ? '$count' : segment;
}

/** Whether a segment is one of OData's own, such as `$count`. */
function isSystem(segment: string | undefined, name: string): boolean {
  return decoded(segment).toLowerCase() === `$${name}`;
}

/** @returns an empty text for a segment that cannot be decoded */
function decoded(segment = ''): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
