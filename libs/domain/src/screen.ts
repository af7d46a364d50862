import { READ_ONLY_PROPERTIES } from './read-only.ts';
import { type Model, propertiesOf } from './model.ts';
import { ANNOTATION_PREFIX, FORBIDDEN_NAMES, pathTo } from './names.ts';
import { isObject } from './values.ts';
import { type Violation, violation } from './violation.ts';

/** What is left of a body when only declared properties are kept, and what was wrong with the rest. */
export interface Screened {
  readonly kept: Record<string, unknown>;
  readonly violations: readonly Violation[];
}

/**
 * Looks at the names in `input`, not at the values: annotations are dropped, forbidden, read-only
 * and unknown properties are reported. Descends only where the model declares a collection, so a
 * deeply nested body costs nothing, and hands on no object of the caller's.
 */
export function screen(model: Model, input: Record<string, unknown>, path = ''): Screened {
  const kept: Record<string, unknown> = {};
  const violations: Violation[] = [];
  const declared = propertiesOf(model);
  for (const [name, value] of Object.entries(input)) {
    const property = declared.get(name);
    if (property?.item && Array.isArray(value)) {
      const items = screenItems(property.item, value, pathTo(path, name));
      kept[name] = items.kept;
      violations.push(...items.violations);
    } else if (property) {
      kept[name] = withoutContents(value);
    } else if (!name.startsWith(ANNOTATION_PREFIX)) {
      violations.push(refusal(name, pathTo(path, name), declared.keys()));
    }
  }
  return { kept, violations };
}

function screenItems(item: Model, items: readonly unknown[], path: string) {
  const screened = items.map((value, index) =>
    isObject(value)
      ? screen(item, value, pathTo(path, index))
      : { kept: withoutContents(value), violations: [] },
  );
  return {
    kept: screened.map((each) => each.kept),
    violations: screened.flatMap((each) => each.violations),
  };
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
