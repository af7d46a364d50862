import { GraphError } from '@bookings/domain';

/** 400 for something other than the body's rules. `target`: the header or the part of the URL. */
export function badRequest(message: string, target?: string): GraphError {
  const details =
    target === undefined ? {} : { details: [{ code: 'BadRequest', message, target }] };
  return new GraphError('BadRequest', message, details);
}
