import type { PipeTransform } from '@nestjs/common';
import { badRequest } from './bad-request.ts';

/**
 * An id of Graph's from the path, decoded: opaque, but for what could be read as another path on
 * its way up (dot segments survive percent-encoding) and what no id can hold.
 */
export class OpaqueIdPipe implements PipeTransform<string, string> {
  constructor(private readonly name: string) {}

  transform(id: string): string {
    const fault = FAULTS.find(([pattern]) => pattern.test(id))?.[1];
    if (fault !== undefined) throw badRequest(`An id cannot ${fault}.`, this.name);
    return id;
  }
}

const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'be empty'],
  // Also as a part: whoever decodes slashes before it resolves dots would climb up.
  [/(?:^|[/\\])\.{1,2}(?:$|[/\\])/, 'have a dot segment'],
  [/^\$/, 'begin with a dollar sign, which is for segments such as $count'],
  [/\p{Cc}/u, 'hold control characters'],
];
