import { passesCompiledCheck } from './compiled-check.ts';
import { explain } from './explain.ts';
import { GraphError } from './graph-error.ts';
import { type Model, assemble } from './model.ts';
import { isObject } from './values.ts';

/**
 * `input`, parsed from JSON, as a `model`: declared properties alone, annotations dropped.
 *
 * @throws GraphError `BadRequest` that lists every violation with its path
 */
export function parse<T extends object>(model: Model<T>, input: unknown): T {
  if (isObject(input) && passesCompiledCheck(model, input)) return assemble(model, input);
  const violations = explain(model, input);
  if (isObject(input) && violations.length === 0) return assemble(model, input);
  const count = violations.length === 1 ? 'one rule' : `${violations.length} rules`;
  throw new GraphError('BadRequest', `The request body breaks ${count}; see details.`, {
    details: violations,
  });
}
