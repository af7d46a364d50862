import { type AccessKind, type Operation, accessKindOf } from '../operations.ts';
import { asciiLowerCase } from '../values.ts';
import { foldBusinessId } from './business-id.ts';
import { BusinessPatterns } from './business-pattern.ts';

/** What the business access file lacks for a request: the caller, or parts of its entry. */
export type MissingAccess = 'caller' | 'business' | 'operation';

export type AccessVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly missing: readonly MissingAccess[] };

const ALLOWED: AccessVerdict = { allowed: true };
const UNKNOWN_CALLER: AccessVerdict = { allowed: false, missing: ['caller'] };

/** One calling application's entry in the business access file. */
export class CallerAccess {
  readonly #businesses: BusinessPatterns;
  readonly #kinds: readonly AccessKind[];

  /** @param businesses valid patterns */
  constructor(businesses: readonly string[], kinds: readonly AccessKind[]) {
    this.#kinds = kinds;
    this.#businesses = new BusinessPatterns(businesses.map(foldBusinessId));
  }

  check(business: string, kind: AccessKind): AccessVerdict {
    const missing: MissingAccess[] = [];
    if (!this.#businesses.match(business)) missing.push('business');
    if (!this.#kinds.includes(kind)) missing.push('operation');
    return missing.length === 0 ? ALLOWED : { allowed: false, missing };
  }
}

/** Which calling application may reach which business. Graph has no such rule; it is the proxy's. */
export class BusinessAccess {
  readonly #callers: ReadonlyMap<string, CallerAccess>;

  /** @param callers by application id in lower case */
  constructor(callers: ReadonlyMap<string, CallerAccess>) {
    this.#callers = callers;
  }

  get callerCount(): number {
    return this.#callers.size;
  }

  /**
   * A caller without an entry reaches no business.
   *
   * @param business decoded once, exactly as it is forwarded to Graph
   */
  reaches(appId: string, business: string, operation: Operation): AccessVerdict {
    const caller = this.#callers.get(asciiLowerCase(appId));
    return caller?.check(business, accessKindOf(operation)) ?? UNKNOWN_CALLER;
  }
}
