import { GraphError } from '@bookings/domain';

/** @param target the header or the part of the URL that is at fault */
export function badRequest(message: string, target?: string): GraphError {
  const details =
    target === undefined ? {} : { details: [{ code: 'BadRequest', message, target }] };
  return new GraphError('BadRequest', message, details);
}
