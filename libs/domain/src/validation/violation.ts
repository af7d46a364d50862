/** The `code` of a violation in `error.details`. */
export type ViolationCode =
  | 'ForbiddenProperty'
  | 'InvalidBody'
  | 'InvalidProperty'
  | 'ReadOnlyProperty'
  | 'RequiredProperty'
  | 'UnknownProperty';

/** An entry of `error.details`, in Graph's shape. Never repeats a value of the body. */
export interface Violation {
  readonly code: ViolationCode;
  readonly message: string;
  /** Path of the property, such as `addresses[1].type`; empty for the whole body. */
  readonly target: string;
}

/** The largest number of entries in `error.details`. */
export const MAX_DETAILS = 100;

/** Keeps the first hundred violations and counts the rest, which bounds the size of the response. */
export class Violations {
  readonly first: Violation[] = [];
  count = 0;

  /** @param describe called only for a violation that is kept */
  add(describe: () => Violation): void {
    this.count += 1;
    if (this.first.length < MAX_DETAILS) this.first.push(describe());
  }
}

/** @param rule the end of a sentence that begins with `target` */
export function violation(code: ViolationCode, target: string, rule: string): Violation {
  return { code, message: `${target} ${rule}.`, target };
}
