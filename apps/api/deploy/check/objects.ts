// Strict checks of objects that no schema describes.

/** Like that of the domain, whose decorators Node does not run from their source. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name of a type, an array of allowed values, or a check of its own that returns faults. */
export type Rule =
  | 'string'
  | 'boolean'
  | 'number'
  | 'strings'
  | readonly unknown[]
  | ((value: unknown, at: string) => string[]);

const matches = (rule: Exclude<Rule, (...args: never[]) => unknown>, value: unknown) => {
  if (rule === 'strings') {
    return Array.isArray(value) && value.every((each) => typeof each === 'string');
  }
  return typeof rule === 'string' ? typeof value === rule : rule.includes(value);
};

/** What is wrong with the members of `value`. Each must have a rule, and keep it. */
export function faultsOf(
  value: unknown,
  at: string,
  rules: Readonly<Record<string, Rule>>,
  required: readonly string[] = [],
): string[] {
  if (!isObject(value)) return [`${at} is not an object`];
  const missing = required.filter((key) => !(key in value)).map((key) => `${at} lacks ${key}`);
  const wrong = Object.entries(value).flatMap(([key, member]) => {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    const place = `${at}.${key}`;
    if (rule === undefined) return [`${place} is unknown`];
    if (typeof rule === 'function') return rule(member, place);
    if (matches(rule, member)) return [];
    return [`${place} is not ${typeof rule === 'string' ? rule : rule.join(' or ')}`];
  });
  return [...missing, ...wrong];
}
