import { BookingCustomer, BookingCustomerChanges } from './booking-customer.ts';
import { passesCompiledCheck } from './compiled-check.ts';
import { explain } from './explain.ts';
import { GraphError } from './graph-error.ts';
import { type Model, propertiesOf, withoutAnnotations } from './model.ts';
import { ANNOTATION_PREFIX } from './names.ts';
import { type Violation } from './violation.ts';

/**
 * `input`, parsed from JSON, as a `model`: declared properties alone, annotations dropped.
 *
 * @throws GraphError `BadRequest` that lists every violation with its path
 */
export function parse<T extends object>(model: Model<T>, input: unknown): T {
  assertKeepsRules(model, input);
  return withoutAnnotations(model, input);
}

function assertKeepsRules<T extends object>(model: Model<T>, input: unknown): asserts input is T {
  if (passesCompiledCheck(model, input)) return;
  const violations = explain(model, input);
  if (violations.length > 0) throw brokenRules(violations);
}

/** The body of a create. Throws as `parse`. */
export function parseCustomer(input: unknown): BookingCustomer {
  return parse(BookingCustomer, input);
}

/** The body of an update, which must change something. Throws as `parse`. */
export function parseCustomerChanges(input: unknown): BookingCustomerChanges {
  const changes = parse(BookingCustomerChanges, input);
  if (WRITABLE_PROPERTIES.some((name) => Object.hasOwn(changes, name))) return changes;
  const message = `The body must have at least one of ${WRITABLE_PROPERTIES.join(', ')}.`;
  throw brokenRules([{ code: 'RequiredProperty', message, target: '' }]);
}

/** Properties of a customer that an update may change. */
export const WRITABLE_PROPERTIES: readonly string[] = [
  ...propertiesOf(BookingCustomerChanges).keys(),
].filter((name) => !name.startsWith(ANNOTATION_PREFIX));

function brokenRules(violations: readonly Violation[]): GraphError {
  const count = violations.length === 1 ? 'one rule' : `${violations.length} rules`;
  return new GraphError('BadRequest', `The request body breaks ${count}; see details.`, {
    details: violations,
  });
}
