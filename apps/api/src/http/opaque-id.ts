import { BUSINESS_ID_CHARACTERS, isBusinessId } from '@bookings/domain';
import { badRequest } from './bad-request.ts';

/**
 * An id of Graph's from the path, decoded: opaque, but for what could be read as another path on
 * its way up (dot segments survive percent-encoding) and what no id can hold.
 *
 * @param name of what it identifies, for the error
 * @throws GraphError 400
 */
export function opaqueId(id: string, name: string): string {
  for (const [pattern, fault] of FAULTS) {
    if (pattern.test(id)) throw badRequest(`An id cannot ${fault}.`, name);
  }
  return id;
}

/**
 * The id of a business, decoded.
 *
 * @throws GraphError 400 for what is no opaque id, and for characters that no business has
 */
export function businessId(id: string): string {
  if (isBusinessId(opaqueId(id, 'business'))) return id;
  const message = `The id of a business is made of ${BUSINESS_ID_CHARACTERS} alone.`;
  throw badRequest(message, 'business');
}

const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'be empty'],
  // Also as a part: whoever decodes slashes before it resolves dots would climb up.
  [/(?:^|[/\\])\.{1,2}(?:$|[/\\])/, 'have a dot segment'],
  [/^\$/, 'begin with a dollar sign, which is for segments such as $count'],
  [/\p{Cc}/u, 'hold control characters'],
];
