import { GraphError, isObject, parseJson, readQueryOptions } from '@bookings/domain';

/** Annotations whose value is the address of more of the same collection (OData JSON Format, 4.5). */
const LINKS = ['@odata.nextLink', '@odata.deltaLink'] as const;

/** Where links lead, and where they are to lead. */
export interface LinkTargets {
  /** Under which all links of Graph's must lie, with a slash at its end. */
  readonly upstreamUrl: string;
  /** Where callers find the collection. */
  readonly collectionUrl: string;
}

/**
 * A page with its links to more of the collection pointing at `collectionUrl`. All other bytes stay
 * as they are where the place of each link is certain; else the parsed page is written out again.
 *
 * @param body JSON of the page, in UTF-8
 * @param page what `body` was parsed as
 * @param requestId Graph's, for an error
 * @throws GraphError 502 for a link that leads elsewhere, or that the proxy would not take back
 */
export function withOwnLinks(
  body: Buffer,
  page: Readonly<Record<string, unknown>>,
  targets: LinkTargets,
  requestId: string | undefined,
): Buffer {
  const links: Record<string, string> = {};
  for (const name of LINKS) {
    const value = page[name];
    if (typeof value === 'string') links[name] = ownLink(name, value, targets, requestId);
  }
  if (Object.keys(links).length === 0) return body;
  return replacedInPlace(body, page, links) ?? Buffer.from(JSON.stringify({ ...page, ...links }));
}

/** Undefined where a link cannot be found for certain, as when it is written with escapes. */
function replacedInPlace(
  body: Buffer,
  page: Readonly<Record<string, unknown>>,
  links: Readonly<Record<string, string>>,
): Buffer | undefined {
  let text = body.toString('utf8');
  for (const [name, link] of Object.entries(links)) {
    const value = JSON.stringify(page[name]);
    const start = placeOf(text, JSON.stringify(name), value);
    if (start === undefined) return undefined;
    text = text.slice(0, start) + JSON.stringify(link) + text.slice(start + value.length);
  }
  const changed = Buffer.from(text);
  // A name may be written with escapes; then the one that was found is a member of a customer.
  return !text.includes('\\u') || hasLinks(changed, links) ? changed : undefined;
}

/** Where `value` begins, if it and `name` stand in `text` once, one after the other. */
function placeOf(text: string, name: string, value: string): number | undefined {
  const nameAt = text.indexOf(name);
  const valueAt = text.indexOf(value);
  const isOnly = text.indexOf(name, nameAt + 1) < 0 && text.indexOf(value, valueAt + 1) < 0;
  const between = text.slice(nameAt + name.length, valueAt);
  return nameAt >= 0 && isOnly && /^\s*:\s*$/.test(between) ? valueAt : undefined;
}

function hasLinks(body: Buffer, links: Readonly<Record<string, string>>): boolean {
  const page = parseJson(body);
  return isObject(page) && Object.entries(links).every(([name, link]) => page[name] === link);
}

function ownLink(
  name: string,
  value: string,
  { upstreamUrl, collectionUrl }: LinkTargets,
  requestId: string | undefined,
): string {
  const query = URL.canParse(value) ? queryOf(new URL(value), new URL(upstreamUrl)) : undefined;
  if (query !== undefined) return `${collectionUrl}?${query}`;
  const message = `Graph answered with an ${name} that does not lead to its own customers.`;
  throw new GraphError('BadGateway', message, { requestId });
}

/** Undefined for what is no address of customers upstream, or has options that would be refused. */
function queryOf(link: URL, upstream: URL): string | undefined {
  const path = link.pathname.toLowerCase();
  const base = upstream.pathname.toLowerCase();
  const own = link.origin === upstream.origin && link.username === '' && link.password === '';
  if (!own || !path.startsWith(base) || !COLLECTION.test(path.slice(base.length))) return undefined;
  try {
    const query = link.search.slice(1);
    const kept = readQueryOptions(query);
    // What is left out here would be missing from the next page's request.
    return kept !== '' && kept.split('&').length === query.split('&').length ? kept : undefined;
  } catch {
    return undefined;
  }
}

const COLLECTION = /^solutions\/bookingbusinesses(?:\/[^/]+|\([^/]+\))\/customers\/?$/;
