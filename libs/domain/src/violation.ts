/** What kind of mistake a violation is, as `error.details[].code` says it. */
export type ViolationCode =
  | 'ForbiddenProperty'
  | 'InvalidBody'
  | 'InvalidProperty'
  | 'ReadOnlyProperty'
  | 'RequiredProperty'
  | 'UnknownProperty';

/** One broken rule: an entry of `error.details`, in Graph's shape. Never holds a value of the caller's. */
export interface Violation {
  readonly code: ViolationCode;
  readonly message: string;
  /** Path of the property, such as `addresses[1].type`; empty for the body as a whole. */
  readonly target: string;
}

/** `rule` is the end of a sentence that begins with `target`. */
export function violation(code: ViolationCode, target: string, rule: string): Violation {
  return { code, message: `${target} ${rule}.`, target };
}
