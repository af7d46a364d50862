import type { PipeTransform } from '@nestjs/common';
import { badRequest } from './bad-request.ts';

/**
 * An id of Graph's from the path, decoded: opaque, but for what could be read as another path on
 * its way up (dot segments survive percent-encoding) and what no id can hold.
 */
export class OpaqueIdPipe implements PipeTransform<string, string> {
  constructor(private readonly name: string) {}

  transform(id: string): string {
    if (id === '.' || id === '..') throw badRequest('An id cannot be a dot segment.', this.name);
    if (/\p{Cc}/u.test(id)) throw badRequest('An id cannot hold control characters.', this.name);
    return id;
  }
}
