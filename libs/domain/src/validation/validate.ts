import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { Model } from './properties.ts';
import { joinPath } from './names.ts';
import { ITEMS_ARE_OBJECTS } from '../model/rules.ts';
import { stripUnknownProperties } from './strip-unknown.ts';
import { isObject } from '../values.ts';
import { type Violation, Violations, violation } from './violation.ts';

/** Validates `input` with class-validator. The result has every violation, and none for valid input. */
export function validate(model: Model, input: unknown): Violations {
  const found = new Violations();
  if (isObject(input)) {
    const kept = plainToInstance(model, stripUnknownProperties(model, input, found));
    for (const each of violationsIn(kept, '')) found.add(() => each);
  } else {
    const message = 'The body must be a JSON object.';
    found.add(() => ({ code: 'InvalidBody', message, target: '' }));
  }
  return found;
}

function violationsIn(instance: object, path: string): Violation[] {
  const errors = validateSync(instance, { stopAtFirstError: true, forbidUnknownValues: true });
  return errors.flatMap((error) => violationsOf(error, path));
}

function violationsOf(error: ValidationError, parent: string): Violation[] {
  const path = joinPath(parent, error.property);
  const { [ITEMS_ARE_OBJECTS]: itemRule, ...rules } = error.constraints ?? {};
  if (itemRule !== undefined) return itemViolations(error.value, path, itemRule);
  // A collection of the wrong type or length is one violation; its items are not validated.
  const found = Object.values(rules).map((rule) =>
    error.value === undefined
      ? violation('RequiredProperty', path, `is required: it ${rule}`)
      : violation('InvalidProperty', path, rule),
  );
  const nested = (error.children ?? []).flatMap((item) =>
    (item.children ?? []).flatMap((each) =>
      violationsOf(each, joinPath(path, Number(item.property))),
    ),
  );
  return [...found, ...nested];
}

// class-validator skips the items of a collection that also has other values than objects.
function itemViolations(value: unknown, path: string, rule: string): Violation[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.flatMap((item, index) =>
    isObject(item)
      ? violationsIn(item, joinPath(path, index))
      : [violation('InvalidProperty', joinPath(path, index), rule)],
  );
}
