import { passesCompiledProperty } from './compiled-check.ts';
import { type Model, type ModelProperty, propertiesOf } from './model.ts';
import { pathTo } from './names.ts';
import { MUST_BE_OBJECT } from './rules.ts';
import { screen } from './screen.ts';
import { isObject } from './values.ts';
import { type Violation, Violations, violation } from './violation.ts';

/**
 * Every rule of `model` that `input` breaks, one entry per mistake; none when it breaks none. Says
 * what class-validator would say of the same decorators, word for word (a property test compares),
 * for a fifth of its time: who sends nonsense should not cost more than who does not.
 */
export function explain(model: Model, input: unknown): Violations {
  const found = new Violations();
  if (isObject(input)) findBrokenRules(model, screen(model, input, found), found, '');
  else found.add(() => NO_OBJECT);
  return found;
}

const NO_OBJECT: Violation = {
  code: 'InvalidBody',
  message: 'The body must be a JSON object.',
  target: '',
};

function findBrokenRules(
  model: Model,
  values: Record<string, unknown>,
  found: Violations,
  path: string,
): void {
  for (const property of propertiesOf(model).values()) {
    const value = values[property.name];
    if (value === undefined && !property.required) continue;
    if (passesCompiledProperty(model, property.name, value)) continue;
    findMistakes(property, value, found, pathTo(path, property.name));
  }
}

/** What is wrong with a value that is known to break a rule. */
function findMistakes(
  { rule, item, mostItems }: ModelProperty,
  value: unknown,
  found: Violations,
  path: string,
): void {
  if (value === undefined) {
    found.add(() => violation('RequiredProperty', path, `is required: it ${rule}`));
    return;
  }
  // A collection that is too long, or none at all, is one mistake; its items are not looked into.
  if (!item || !Array.isArray(value) || value.length > mostItems) {
    found.add(() => violation('InvalidProperty', path, rule));
    return;
  }
  for (const [index, element] of value.entries()) {
    const place = pathTo(path, index);
    if (isObject(element)) findBrokenRules(item, element, found, place);
    else found.add(() => violation('InvalidProperty', place, MUST_BE_OBJECT));
  }
}
