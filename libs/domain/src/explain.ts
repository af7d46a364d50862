import { passesCompiledProperty } from './compiled-check.ts';
import { type Model, type ModelProperty, propertiesOf } from './model.ts';
import { pathTo } from './names.ts';
import { MUST_BE_OBJECT } from './rules.ts';
import { screen } from './screen.ts';
import { isObject } from './values.ts';
import { type Violation, violation } from './violation.ts';

/**
 * Every rule of `model` that `input` breaks, one entry per mistake; empty when it breaks none. Says
 * what class-validator would say of the same decorators, word for word (a property test compares),
 * for a fifth of its time: who sends nonsense should not cost more than who does not.
 */
export function explain(model: Model, input: unknown): readonly Violation[] {
  if (!isObject(input)) {
    return [{ code: 'InvalidBody', message: 'The body must be a JSON object.', target: '' }];
  }
  const { kept, violations } = screen(model, input);
  return [...violations, ...brokenRules(model, kept, '')];
}

function brokenRules(model: Model, values: Record<string, unknown>, path: string): Violation[] {
  return [...propertiesOf(model).values()].flatMap((property) => {
    const value = values[property.name];
    if (value === undefined && !property.required) return [];
    return passesCompiledProperty(model, property.name, value)
      ? []
      : mistakes(property, value, pathTo(path, property.name));
  });
}

/** What is wrong with a value that is known to break a rule. */
function mistakes(
  { rule, item, mostItems }: ModelProperty,
  value: unknown,
  path: string,
): Violation[] {
  if (value === undefined) return [violation('RequiredProperty', path, `is required: it ${rule}`)];
  // A collection that is too long, or none at all, is one mistake; its items are not looked into.
  if (!item || !Array.isArray(value) || value.length > mostItems) {
    return [violation('InvalidProperty', path, rule)];
  }
  return value.flatMap((element: unknown, index) =>
    isObject(element)
      ? brokenRules(item, element, pathTo(path, index))
      : [violation('InvalidProperty', pathTo(path, index), MUST_BE_OBJECT)],
  );
}
