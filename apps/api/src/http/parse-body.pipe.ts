import { parse } from '@bookings/domain';
import type { PipeTransform } from '@nestjs/common';

/**
 * The body as a model, or 400 with every violation. Names the class: what a transpiler reflects of
 * a parameter's type can vanish, and the check with it.
 */
export class ParseBodyPipe<T extends object> implements PipeTransform<unknown, T> {
  constructor(private readonly model: new () => T) {}

  transform(body: unknown): T {
    return parse(this.model, body);
  }
}
