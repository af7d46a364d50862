import { GraphError, type UpstreamPage, readQueryOptions } from '@bookings/domain';
import type { Page } from './graph-answer.ts';
import { textAt } from './json-members.ts';
import { LINKS } from './page-parts.ts';

/**
 * `page` with its links to more of the collection pointing at `collectionUrl`; every other byte
 * stays as it is.
 *
 * @param upstreamUrl under which all links must lie, with a slash at its end
 * @throws GraphError 502 for a link that leads elsewhere, or that the proxy would not take back
 */
export function pointedAt(
  { parts, ...page }: Page,
  upstreamUrl: string,
  collectionUrl: string,
): UpstreamPage {
  if (!parts) return { ...page, pieces: [] };
  const { frame, members, gap, inside } = parts;
  const changes: Change[] = [{ start: gap, end: gap, put: inside }];
  for (const { name, kind, start, end } of members) {
    if (kind !== 'text' || !LINKS.includes(name)) continue;
    const link = { name, value: textAt(frame, start, end) };
    const ours = rewritten(link, page, upstreamUrl, collectionUrl);
    changes.push({ start, end, put: [Buffer.from(JSON.stringify(ours))] });
  }
  return { ...page, pieces: changed(frame, changes) };
}

/** What comes in the place of some bytes. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly put: readonly Buffer[];
}

function changed(frame: Buffer, changes: readonly Change[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let doneTo = 0;
  for (const { start, end, put } of changes.toSorted((one, other) => one.start - other.start)) {
    pieces.push(frame.subarray(doneTo, start), ...put);
    doneTo = end;
  }
  return [...pieces, frame.subarray(doneTo)].filter(({ length }) => length > 0);
}

function rewritten(
  { name, value }: { readonly name: string; readonly value: string },
  { requestId }: Omit<Page, 'parts'>,
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
