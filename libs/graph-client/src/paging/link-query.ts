import { foldBusinessId } from '@bookings/domain';

/** The path of a collection below the version, with its key as a segment or in brackets. */
const COLLECTION = /^solutions\/bookingbusinesses(?:\/([^/]+)|\(([^/]+)\))\/customers\/?$/i;
const QUOTED = /^'(.*)'$/s;

/**
 * The query of a page link, byte for byte: only Graph knows its meaning.
 *
 * @param upstreamUrl the start of every valid link, with a slash at its end
 * @returns undefined unless `link` is a URL of the customers of `business` with a query
 */
export function linkQuery(link: string, upstreamUrl: string, business: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const { origin, username, password, pathname } = new URL(link);
  const upstream = new URL(upstreamUrl);
  const isSameOrigin = origin === upstream.origin && username === '' && password === '';
  const base = upstream.pathname.toLowerCase();
  if (!isSameOrigin || !pathname.toLowerCase().startsWith(base)) return undefined;
  const [, segment, bracketed] = COLLECTION.exec(pathname.slice(base.length)) ?? [];
  const key = segment === undefined ? bracketedKey(bracketed) : decoded(segment);
  if (key === undefined || foldBusinessId(key) !== foldBusinessId(business)) return undefined;
  return writtenQuery(link);
}

/** `URL` would encode some characters of the query. */
function writtenQuery(link: string): string | undefined {
  const [withoutFragment = ''] = link.split('#', 1);
  const queryAt = withoutFragment.indexOf('?');
  // Without a query the link would lead to the first page again.
  return queryAt < 0 ? undefined : withoutFragment.slice(queryAt + 1) || undefined;
}

/** The key in OData's brackets. In quotes, a doubled quote stands for one. */
function bracketedKey(bracketed = ''): string | undefined {
  const key = decoded(bracketed);
  return QUOTED.exec(key ?? '')?.[1]?.replaceAll("''", "'") ?? key;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
