import { READ_ONLY_PROPERTIES } from '../model/read-only.ts';
import { type Model, propertiesOf } from './properties.ts';
import { ANNOTATION_PREFIX, FORBIDDEN_NAMES, pathTo } from './names.ts';
import { isObject } from '../values.ts';
import { type Violation, type Violations, violation } from './violation.ts';

/** How many items of a collection are validated; each model allows fewer. */
const MOST_VALIDATED = 100;

/**
 * What is left of `input` when only declared properties are kept. Looks at the names, not at the
 * values: annotations are dropped, forbidden, read-only and unknown properties are violations.
 * Descends only where the model declares a collection, so a deeply nested body costs nothing, and
 * hands on no object of the caller's.
 */
export function screen(
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
      kept[name] = screenItems(item, value, found, pathTo(path, name));
    } else if (declared.has(name)) {
      kept[name] = withoutContents(value);
    } else if (!name.startsWith(ANNOTATION_PREFIX)) {
      found.add(() => refusal(name, pathTo(path, name), declared.keys()));
    }
  }
  return kept;
}

function screenItems(
  item: Model,
  items: readonly unknown[],
  found: Violations,
  path: string,
): readonly unknown[] {
  const kept = items.map((value, index) =>
    isObject(value) ? screen(item, value, found, pathTo(path, index)) : withoutContents(value),
  );
  // More are too many for any collection: the rest need not be validated to say so.
  return kept.slice(0, MOST_VALIDATED);
}

// No declared scalar is an object or an array: that it is one is all a rule needs to know.
function withoutContents(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}

function refusal(name: string, target: string, declared: Iterable<string>): Violation {
  if (FORBIDDEN_NAMES.includes(name)) {
    return violation('ForbiddenProperty', target, 'is a property name that is never accepted');
  }
  if (READ_ONLY_PROPERTIES.includes(name)) {
    return violation('ReadOnlyProperty', target, 'is read-only: Graph sets it, leave it out');
  }
  const known = [...declared].filter((each) => !each.startsWith(ANNOTATION_PREFIX)).join(', ');
  return violation('UnknownProperty', target, `is not known here; known are ${known}`);
}
