const CANONICAL = /^\/v1\.0\/solutions\/bookingBusinesses\/[^/()]+\/customers$/;

/** Segments of a path to customers after the version; `undefined` stands for a key. */
const SHAPE = ['solutions', 'bookingBusinesses', undefined, 'customers'] as const;

/**
 * The one way to write a path that Graph understands in several: any letter case, with or without
 * `/v1.0` and a trailing slash, and with the OData key form `bookingBusinesses('{business}')`.
 * Keys keep their case and their encoding. What is no path of Graph's comes back as it was.
 */
export function canonicalPath(target: string): string {
  // The absolute form of a target, which every server must accept (RFC 9112, 3.2.2).
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  if (CANONICAL.test(path)) return url;
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  if (segments[0]?.toLowerCase() === 'v1.0') segments.shift();
  const keyed = segments.flatMap((segment, index) => (index === 1 ? keyForm(segment) : [segment]));
  const fits =
    keyed.length === SHAPE.length &&
    SHAPE.every((name, index) => {
      return name === undefined || name.toLowerCase() === keyed[index]?.toLowerCase();
    });
  if (!fits) return url;
  const canonical = SHAPE.map((name, index) => name ?? keyed[index]).join('/');
  return `/v1.0/${canonical}${queryAt < 0 ? '' : url.slice(queryAt)}`;
}

/** `name('key')` as name and key; quotes and brackets may be percent-encoded, a doubled quote is one. */
function keyForm(segment: string): string[] {
  const [, name, key] = /^(\w+)(?:\(|%28)(?:'|%27)(.*)(?:'|%27)(?:\)|%29)$/i.exec(segment) ?? [];
  if (name === undefined || key === undefined) return [segment];
  const single = key.replaceAll(/(?:'|%27){2}/gi, '\0');
  if (/'|%27/i.test(single)) return [segment];
  return [name, single.replaceAll('\0', '%27')];
}
