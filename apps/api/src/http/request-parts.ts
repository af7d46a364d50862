import type { PipeTransform } from '@nestjs/common';
import { badRequest } from './bad-request.ts';

/**
 * The body as `parse` reads it, which throws a GraphError 400 with every violation. Names the
 * function: what a transpiler reflects of a parameter's type can vanish, and the check with it.
 */
export class ParseBodyPipe<T> implements PipeTransform<unknown, T> {
  constructor(private readonly parse: (body: unknown) => T) {}

  transform(body: unknown): T {
    if (body === undefined) throw badRequest('The body is empty; a JSON object is expected.');
    return this.parse(body);
  }
}
