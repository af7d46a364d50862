import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { Model } from './properties.ts';
import { pathTo } from './names.ts';
import { ITEMS_ARE_OBJECTS } from './rules.ts';
import { screen } from './strip-unknown.ts';
import { isObject } from '../values.ts';
import { type Violation, Violations, violation } from './violation.ts';

/** Every rule of `model` that `input` breaks, as class-validator says it; none when it breaks none. */
export function explain(model: Model, input: unknown): Violations {
  const found = new Violations();
  if (isObject(input)) {
    const kept = plainToInstance(model, screen(model, input, found));
    for (const broken of brokenRules(kept, '')) found.add(() => broken);
  } else {
    const message = 'The body must be a JSON object.';
    found.add(() => ({ code: 'InvalidBody', message, target: '' }));
  }
  return found;
}

function brokenRules(instance: object, path: string): Violation[] {
  const errors = validateSync(instance, { stopAtFirstError: true, forbidUnknownValues: true });
  return errors.flatMap((error) => violationsOf(error, path));
}

function violationsOf(error: ValidationError, parent: string): Violation[] {
  const path = pathTo(parent, error.property);
  const { [ITEMS_ARE_OBJECTS]: itemRule, ...rules } = error.constraints ?? {};
  if (itemRule !== undefined) return itemViolations(error.value, path, itemRule);
  // A collection that is too long, or none at all, is one mistake; its items are not looked into.
  const found = Object.values(rules).map((rule) =>
    error.value === undefined
      ? violation('RequiredProperty', path, `is required: it ${rule}`)
      : violation('InvalidProperty', path, rule),
  );
  const nested = (error.children ?? []).flatMap((item) =>
    (item.children ?? []).flatMap((each) =>
      violationsOf(each, pathTo(path, Number(item.property))),
    ),
  );
  return [...found, ...nested];
}

// class-validator stops before it looks into a collection with strangers in it.
function itemViolations(value: unknown, path: string, rule: string): Violation[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.flatMap((item, index) =>
    isObject(item)
      ? brokenRules(item, pathTo(path, index))
      : [violation('InvalidProperty', pathTo(path, index), rule)],
  );
}
