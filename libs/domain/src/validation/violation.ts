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

/** How many entries `error.details` has at most: who repairs a hundred has the rest from the next answer. */
export const MOST_DETAILS = 100;

/** Broken rules: the first hundred in full, the others counted, so that no answer grows with a body. */
export class Violations {
  readonly first: Violation[] = [];
  count = 0;

  /** @param describe is not called for those that are only counted */
  add(describe: () => Violation): void {
    this.count += 1;
    if (this.first.length < MOST_DETAILS) this.first.push(describe());
  }
}

/** `rule` is the end of a sentence that begins with `target`. */
export function violation(code: ViolationCode, target: string, rule: string): Violation {
  return { code, message: `${target} ${rule}.`, target };
}
