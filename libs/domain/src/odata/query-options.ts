import { GraphError } from '../errors/graph-error.ts';
import { reachFault } from './query-reach.ts';

/** OData's options that go up; `$deltatoken` because a `@odata.deltaLink` must be accepted back. */
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

/** Other parameters that go up. Graph documents none for customers. */
const PARAMETERS: readonly string[] = [];

/** What a value cannot hold as it is in a query (RFC 3986, 3.4), or what begins another. */
const NOT_IN_A_VALUE = /[^\w\-.~!$'()*+,;:@/?=[\]|{}"<>\\^`%]|%(?![0-9a-f]{2})/i;

/**
 * The part of a query that goes up: OData's options as the caller wrote them, and parameters that
 * are known. Others are left out.
 *
 * @param query without the question mark, percent-encoded
 * @returns the same form; empty when nothing is left
 * @throws GraphError 400 for an option that is not known, is given twice, cannot be read or could
 *   reach more than customers
 */
export function readQueryOptions(query: string, parameters = PARAMETERS): string {
  const kept = new Map<string, string>();
  for (const part of query.split('&')) {
    const [rawName = '', ...rest] = part.split('=');
    const name = decoded(rawName);
    if (QUERY_OPTIONS.includes(`$${name}`)) throw refused(`write $${name}, with its dollar sign`);
    const option = QUERY_OPTIONS.includes(name);
    if (name.startsWith('$') && !option) throw refused(`known are ${QUERY_OPTIONS.join(', ')}`);
    if (!option && !parameters.includes(name)) continue;
    if (kept.has(name)) throw refused(`${name} is given twice`);
    const value = rest.join('=');
    if (NOT_IN_A_VALUE.test(value)) throw refused(`the value of ${name} is not percent-encoded`);
    const fault = reachFault(name, value);
    if (fault !== undefined) throw refused(fault);
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
