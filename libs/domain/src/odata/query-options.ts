import { GraphError } from '../errors/graph-error.ts';
import { type QueryParameter, readParameter } from './query-parameter.ts';
import { ALIAS, restrictionViolation } from './query-restrictions.ts';

/** OData options that are forwarded. `$deltatoken` comes from a `@odata.deltaLink`. */
export const QUERY_OPTIONS: readonly string[] = [
  '$count',
  '$deltatoken',
  '$expand',
  '$filter',
  '$orderby',
  '$search',
  '$select',
  '$skip',
  '$skiptoken',
  '$top',
];

/** Options of page links. Their values, and other parameters beside them, are opaque. */
const PAGE_TOKENS: readonly string[] = ['$deltatoken', '$skiptoken'];

/** Other parameters that are forwarded. Graph documents none for customers. */
const PARAMETERS: readonly string[] = [];

/** Characters that a query value must percent-encode (RFC 3986, 3.4), and broken escapes. */
const UNENCODED = /[^\w\-.~!$'()*+,;:@/?=[\]|{}"<>\\^`%]|%(?![0-9a-f]{2})/i;
/** Characters that end or break a query, even one that is opaque. */
const OUTSIDE_OF_QUERY = /[^!"$-~\x80-\xff]/;

/**
 * Selects the part of a query that is forwarded, as the caller wrote it: OData options in any letter
 * case, and known parameters. Other parameters are dropped, except beside a token of a page link:
 * the query of a link is opaque and is forwarded byte for byte.
 *
 * @param query without the question mark, percent-encoded
 * @returns the same form; empty when nothing is left
 * @throws GraphError 400 for an option that is unknown, repeated, malformed or restricted
 */
export function readQueryOptions(query: string, known = PARAMETERS): string {
  const parameters = query.split('&').map(readParameter);
  const forwarded = new Map<string, string>();
  for (const parameter of parameters) {
    const name = forwardedName(parameter, known);
    if (name === undefined) continue;
    if (forwarded.has(name)) throw refused(`${name} appears twice`);
    assertValue(name, parameter.value);
    forwarded.set(name, parameter.written);
  }
  if (!PAGE_TOKENS.some((token) => forwarded.has(token))) return [...forwarded.values()].join('&');
  for (const { lenientName, value } of parameters) {
    if (lenientName.startsWith('@')) assertValue(ALIAS, value);
  }
  if (OUTSIDE_OF_QUERY.test(query)) throw refused('# and control characters must be encoded');
  return query;
}

/**
 * Refuses the query of an operation that takes no options. Other parameters are dropped.
 *
 * @returns an empty query
 * @throws GraphError 400
 */
export function refuseQueryOptions(query: string): '' {
  const option = query.split('&').map(readParameter).find(isOption);
  if (option === undefined) return '';
  throw queryError(`This operation takes no query options: leave out ${option.shown}.`);
}

function isOption({ name, lenientName }: QueryParameter): boolean {
  return name === undefined || lenientName.startsWith('$');
}

/**
 * @returns undefined for a parameter that the proxy does not know
 * @throws GraphError 400 for a name that is, or could be read as, an option that is not forwarded
 */
function forwardedName(
  { name, lenientName, shown }: QueryParameter,
  known: readonly string[],
): string | undefined {
  if (name === undefined) throw refused(`the name ${shown} is not percent-encoded UTF-8`);
  if (QUERY_OPTIONS.includes(name)) return name;
  if (QUERY_OPTIONS.includes(`$${name}`)) throw refused(`write $${name}, with the dollar sign`);
  if (lenientName.startsWith('$') || QUERY_OPTIONS.includes(`$${lenientName}`)) {
    throw refused(`${shown} is not supported; supported are ${QUERY_OPTIONS.join(', ')}`);
  }
  return known.includes(name) ? name : undefined;
}

function assertValue(name: string, value: string): void {
  if (PAGE_TOKENS.includes(name)) return;
  if (UNENCODED.test(value)) throw refused(`the value of ${name} is not percent-encoded`);
  const violation = restrictionViolation(name, value);
  if (violation !== undefined) throw refused(violation);
}

function refused(why: string): GraphError {
  return queryError(`A query option cannot be used: ${why}.`);
}

function queryError(message: string): GraphError {
  return new GraphError('BadRequest', message, {
    details: [{ code: 'BadRequest', message, target: 'query' }],
  });
}
