import { GraphError, type UpstreamAnswer, readQueryOptions } from '@bookings/domain';
import type { Page } from './graph-answer.ts';
import { textAt } from './json-members.ts';
import { LINKS } from './page-members.ts';

/**
 * `page` with its links to more of the collection pointing at `collectionUrl`; every other byte
 * stays as it is.
 *
 * @param upstreamUrl under which all links must lie, with a slash at its end
 * @throws GraphError 502 for a link that leads elsewhere, or that the proxy would not take back
 */
export function pointedAt(
  { members, ...page }: Page,
  upstreamUrl: string,
  collectionUrl: string,
): UpstreamAnswer {
  const pieces: Buffer[] = [];
  let doneTo = 0;
  for (const { name, kind, start, end } of members) {
    if (kind !== 'text' || !LINKS.includes(name)) continue;
    const link = { name, value: textAt(page.body, start, end) };
    const ours = rewritten(link, page, upstreamUrl, collectionUrl);
    pieces.push(page.body.subarray(doneTo, start), Buffer.from(JSON.stringify(ours)));
    doneTo = end;
  }
  if (doneTo === 0) return page;
  return { ...page, body: Buffer.concat([...pieces, page.body.subarray(doneTo)]) };
}

function rewritten(
  { name, value }: { readonly name: string; readonly value: string },
  { requestId }: UpstreamAnswer,
  upstreamUrl: string,
  collectionUrl: string,
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
