import { READ_ONLY_PROPERTIES } from '../model/read-only.ts';
import { type Model, propertiesOf } from './properties.ts';
import { FORBIDDEN_NAMES, isControlInformation, joinPath } from './names.ts';
import { isObject, isWellFormed } from '../values.ts';
import { type Violation, type Violations, violation } from './violation.ts';

/** Items of a collection that are validated; every model allows fewer. */
const MAX_VALIDATED_ITEMS = 100;

/**
 * Copies the declared properties of `input`. Control information is dropped; forbidden, read-only and
 * unknown properties are violations. It descends only into declared collections, so a deeply nested
 * body is cheap, and it never returns an object of the caller.
 */
export function stripUnknownProperties(
  model: Model,
  input: Record<string, unknown>,
  found: Violations,
  path = '',
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const declared = propertiesOf(model);
  for (const [name, value] of Object.entries(input)) {
    const item = declared.get(name);
    if (item && Array.isArray(value)) {
      kept[name] = stripItems(item, value, found, joinPath(path, name));
    } else if (declared.has(name)) {
      kept[name] = emptied(value);
    } else if (isControlInformation(name)) {
      if (!isWellFormed([name, value])) found.add(() => illFormed(joinPath(path, name)));
    } else {
      found.add(() => violationOf(name, joinPath(path, name), declared.keys()));
    }
  }
  return kept;
}

function stripItems(
  item: Model,
  items: readonly unknown[],
  found: Violations,
  path: string,
): readonly unknown[] {
  const kept = items.map((value, index) =>
    isObject(value)
      ? stripUnknownProperties(item, value, found, joinPath(path, index))
      : emptied(value),
  );
  // One item over the limit is enough for the violation.
  return kept.slice(0, MAX_VALIDATED_ITEMS);
}

// A declared scalar is never an object or an array. The rules need only its type.
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}

function illFormed(target: string): Violation {
  return violation('InvalidProperty', target, 'has an unpaired surrogate; leave it out');
}

function violationOf(name: string, target: string, declared: Iterable<string>): Violation {
  if (FORBIDDEN_NAMES.includes(name)) {
    return violation('ForbiddenProperty', target, 'is a forbidden property name');
  }
  if (READ_ONLY_PROPERTIES.includes(name)) {
    return violation('ReadOnlyProperty', target, 'is read-only: Graph sets it; leave it out');
  }
  const known = [...declared].filter((each) => !isControlInformation(each)).join(', ');
  return violation('UnknownProperty', target, `is unknown; supported are ${known}`);
}
