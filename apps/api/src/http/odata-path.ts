const CANONICAL =
  /^\/v1\.0\/solutions\/bookingBusinesses\/[^/()]+\/customers(?:\/(?:\$count|[^/()$%]+))?$/;
/** What a customers path is when `canonicalPath` has seen it. */
const CUSTOMERS = /^\/v1\.0\/solutions\/bookingBusinesses\/[^/]+\/customers(?:\/[^/]+)?$/;

/** Segments of a path to customers after the version; `undefined` stands for a key. */
const SHAPE = ['solutions', 'bookingBusinesses', undefined, 'customers', undefined] as const;
/** Those of the collection: all but the customer's key. */
const COLLECTION_LENGTH = SHAPE.length - 1;
/** With what is before the first slash, the version, and what is behind a slash at the end. */
const MOST_PARTS = SHAPE.length + 3;

/**
 * The one way to write a path that Graph understands in several: any letter case, with or without
 * `/v1.0` and a trailing slash, and with the OData key form: `bookingBusinesses('{business}')`,
 * `customers('{id}')`. Keys keep their case and their encoding. What is no path of Graph's comes
 * back as it was.
 */
export function canonicalPath(target: string): string {
  // The absolute form of a target, which every server must accept (RFC 9112, 3.2.2).
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  const path = pathOf(url);
  if (CANONICAL.test(path)) return url;
  const parts = path.split('/', MOST_PARTS + 1);
  if (parts.length > MOST_PARTS) return url;
  const segments = parts.slice(1);
  if (segments.at(-1) === '') segments.pop();
  if (segments[0]?.toLowerCase() === 'v1.0') segments.shift();
  const canonical = batch(segments) ?? customers(segments);
  return canonical === undefined ? url : `/v1.0/${canonical}${url.slice(path.length)}`;
}

/** Whether a canonical target, with or without query, is one of customers. */
export function leadsToCustomers(target: string): boolean {
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
    // Names and keys take turns, and only a name can bring its key along.
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

/** `name('key')` as name and key; quotes and brackets may be percent-encoded, a doubled quote is one. */
function keyForm(segment: string): string[] {
  const [, name, key] = /^(\w+)(?:\(|%28)(?:'|%27)(.*)(?:'|%27)(?:\)|%29)$/i.exec(segment) ?? [];
  if (name === undefined || key === undefined) return [segment];
  const single = key.replaceAll(/(?:'|%27){2}/gi, '\0');
  if (/'|%27/i.test(single)) return [segment];
  // In quotes it is a key, whatever it looks like.
  return [name, single.replaceAll('\0', '%27').replaceAll('$', '%24')];
}

function named(segment: string): string {
  return isSystem(segment, 'count') ? '$count' : segment;
}

/** Whether a segment is one of OData's own, such as `$count`. */
function isSystem(segment: string | undefined, name: string): boolean {
  return segment?.toLowerCase().replace('%24', '$') === `$${name}`;
}
