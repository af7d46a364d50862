import { GraphError } from '../errors/graph-error.ts';
import { restrictionViolation } from './query-restrictions.ts';

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

/** Other parameters that are forwarded. Graph documents none for customers. */
const PARAMETERS: readonly string[] = [];

/** Characters that a query value must percent-encode (RFC 3986, 3.4), and broken escapes. */
const UNENCODED = /[^\w\-.~!$'()*+,;:@/?=[\]|{}"<>\\^`%]|%(?![0-9a-f]{2})/i;

/**
 * Selects the part of a query that is forwarded: OData options and known parameters, as the caller
 * wrote them. Other parameters are dropped.
 *
 * @param query without the question mark, percent-encoded
 * @returns the same form; empty when nothing is left
 * @throws GraphError 400 for an option that is unknown, repeated, malformed or restricted
 */
export function readQueryOptions(query: string, parameters = PARAMETERS): string {
  const kept = new Map<string, string>();
  for (const part of query.split('&')) {
    const [rawName = '', ...rest] = part.split('=');
    const name = decoded(rawName);
    if (QUERY_OPTIONS.includes(`$${name}`)) throw refused(`write $${name}, with the dollar sign`);
    const option = QUERY_OPTIONS.includes(name);
    if (name.startsWith('$') && !option) throw refused(`supported are ${QUERY_OPTIONS.join(', ')}`);
    if (!option && !parameters.includes(name)) continue;
    if (kept.has(name)) throw refused(`${name} appears twice`);
    const value = rest.join('=');
    if (UNENCODED.test(value)) throw refused(`the value of ${name} is not percent-encoded`);
    const violation = restrictionViolation(name, value);
    if (violation !== undefined) throw refused(violation);
    kept.set(name, value);
  }
  return [...kept].map(([name, value]) => `${name}=${value}`).join('&');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw refused('the name of a parameter is not percent-encoded');
  }
}

function refused(why: string): GraphError {
  const message = `A query option cannot be used: ${why}.`;
  return new GraphError('BadRequest', message, {
    details: [{ code: 'BadRequest', message, target: 'query' }],
  });
}
