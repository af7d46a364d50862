import { BookingCustomer, BookingCustomerChanges } from '../model/booking-customer.ts';
import { passesCompiledCheck } from './compiled-check.ts';
import { validate } from './validate.ts';
import { GraphError } from '../errors/graph-error.ts';
import { type Model, propertiesOf, withoutAnnotations } from './properties.ts';
import { isControlInformation } from './names.ts';
import type { Violations } from './violation.ts';

/**
 * Validates `input`, parsed from JSON, and drops its control information.
 *
 * @throws GraphError `BadRequest` with the number of violations and the first hundred in `details`
 */
export function parse<T extends object>(model: Model<T>, input: unknown): T {
  assertValid(model, input);
  return withoutAnnotations(model, input);
}

function assertValid<T extends object>(model: Model<T>, input: unknown): asserts input is T {
  if (passesCompiledCheck(model, input)) return;
  const violations = validate(model, input);
  if (violations.count > 0) throw badRequest(violations);
}

/** The body of a create. Throws like `parse`. */
export function parseCustomer(input: unknown): BookingCustomer {
  return parse(BookingCustomer, input);
}

/** The body of an update. It must have at least one property. Throws like `parse`. */
export function parseCustomerChanges(input: unknown): BookingCustomerChanges {
  const changes = parse(BookingCustomerChanges, input);
  if (WRITABLE_PROPERTIES.some((name) => Object.hasOwn(changes, name))) return changes;
  const message = `The body must have at least one of ${WRITABLE_PROPERTIES.join(', ')}.`;
  throw badRequest({ first: [{ code: 'RequiredProperty', message, target: '' }], count: 1 });
}

/** Properties of a customer that an update may change. */
export const WRITABLE_PROPERTIES: readonly string[] = [
  ...propertiesOf(BookingCustomerChanges).keys(),
].filter((name) => !isControlInformation(name));

function badRequest({ first, count }: Pick<Violations, 'first' | 'count'>): GraphError {
  const rules = count === 1 ? 'one rule' : `${count} rules`;
  const where = count > first.length ? `the first ${first.length} are in details` : 'see details';
  return new GraphError('BadRequest', `The request body breaks ${rules}; ${where}.`, {
    details: first,
  });
}
