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

const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'be empty'],
  // Also as a part: whoever decodes slashes before it resolves dots would climb up.
  [/(?:^|[/\\])\.{1,2}(?:$|[/\\])/, 'have a dot segment'],
  [/^\$/, 'begin with a dollar sign, which is for segments such as $count'],
  [/\p{Cc}/u, 'hold control characters'],
];
