import { GraphError, isObject, parseJson } from '@bookings/domain';
import { linkQuery } from './link-query.ts';

/** Annotations with the URL of another page of the collection (OData JSON Format, 4.5). */
const LINKS = ['@odata.nextLink', '@odata.deltaLink'] as const;

/** Which links are rewritten, and to what. */
export interface LinkTargets {
  /** The start of every valid link of Graph, with a slash at its end. */
  readonly upstreamUrl: string;
  /** The business whose customers the page has. */
  readonly business: string;
  /** The collection's URL at the proxy. */
  readonly collectionUrl: string;
}

/**
 * Rewrites a page's links to `collectionUrl`, with their queries as they are. All other bytes stay unchanged if the position of each
 * link is unambiguous. Otherwise the parsed page is serialized again.
 *
 * @param body JSON of the page, in UTF-8
 * @param page the parsed `body`
 * @param requestId Graph's, for an error
 * @throws GraphError 502 for a link to another resource or business
 */
export function rewriteLinks(
  body: Buffer,
  page: Readonly<Record<string, unknown>>,
  targets: LinkTargets,
  requestId: string | undefined,
): Buffer {
  const links: Record<string, string> = {};
  for (const name of LINKS) {
    const value = page[name];
    if (typeof value === 'string') links[name] = rewrittenLink(name, value, targets, requestId);
  }
  if (Object.keys(links).length === 0) return body;
  return replaceInPlace(body, page, links) ?? Buffer.from(JSON.stringify({ ...page, ...links }));
}

/** @returns undefined when the position of a link is ambiguous, for example because of escapes */
function replaceInPlace(
  body: Buffer,
  page: Readonly<Record<string, unknown>>,
  links: Readonly<Record<string, string>>,
): Buffer | undefined {
  let text = body.toString('utf8');
  for (const [name, link] of Object.entries(links)) {
    const value = JSON.stringify(page[name]);
    const start = positionOf(text, JSON.stringify(name), value);
    if (start === undefined) return undefined;
    text = text.slice(0, start) + JSON.stringify(link) + text.slice(start + value.length);
  }
  const changed = Buffer.from(text);
  // If the page has the name with escapes, the match may be a property of a customer.
  return !text.includes('\\u') || hasLinks(changed, links) ? changed : undefined;
}

/** The position of `value`, if `text` has `name` and `value` once and next to each other. */
function positionOf(text: string, name: string, value: string): number | undefined {
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

function rewrittenLink(
  name: string,
  value: string,
  { upstreamUrl, business, collectionUrl }: LinkTargets,
  requestId: string | undefined,
): string {
  const query = linkQuery(value, upstreamUrl, business);
  if (query !== undefined) return `${collectionUrl}?${query}`;
  const message = `Graph returned an ${name} that is not a link to customers of this business.`;
  throw new GraphError('BadGateway', message, { requestId });
}
