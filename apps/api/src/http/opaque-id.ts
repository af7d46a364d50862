import { BUSINESS_ID_CHARACTERS, isBusinessId } from '@bookings/domain';
import { badRequest } from './bad-request.ts';

/**
 * Checks a decoded Graph id from the path. Any value is allowed, except those that Graph could
 * read as another path.
 *
 * @param name names the id in the error
 * @throws GraphError 400
 */
export function opaqueId(id: string, name: string): string {
  for (const [pattern, fault] of FAULTS) {
    if (pattern.test(id)) throw badRequest(`An id cannot ${fault}.`, name);
  }
  return id;
}

/**
 * Checks the decoded id of a business.
 *
 * @throws GraphError 400
 */
export function businessId(id: string): string {
  if (isBusinessId(opaqueId(id, 'business'))) return id;
  const message = `The id of a business may contain only ${BUSINESS_ID_CHARACTERS}.`;
  throw badRequest(message, 'business');
}

const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'be empty'],
  // A server that decodes %2F before it resolves dot segments would leave the collection (path
  // traversal).
  [/(?:^|[/\\])\.{1,2}(?:$|[/\\])/, 'contain a dot segment'],
  [/^\$/, 'begin with a dollar sign, which is reserved for segments such as $count'],
  [/\p{Cc}/u, 'contain control characters'],
];
