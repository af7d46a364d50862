import { asciiLowerCase, foldBusinessId } from './business-id.ts';
import { BusinessPatterns } from './business-pattern.ts';
import type { Operation } from '../permissions.ts';

/** What an access rule allows: operations of one kind stand and fall together. */
export const ACCESS_KINDS = ['create', 'read', 'update', 'delete'] as const;

export type AccessKind = (typeof ACCESS_KINDS)[number];

const KIND_OF: Readonly<Record<Operation, AccessKind>> = {
  createCustomer: 'create',
  listCustomers: 'read',
  countCustomers: 'read',
  getCustomer: 'read',
  updateCustomer: 'update',
  deleteCustomer: 'delete',
};

/** Which rule of the business access file `operation` falls under. */
export function accessKindOf(operation: Operation): AccessKind {
  return KIND_OF[operation];
}

/** What the business access file missing for a request: the caller, or parts of its entry. */
export type MissingAccess = 'caller' | 'business' | 'operation';

export type AccessVerdict =
  { readonly allowed: true } | { readonly allowed: false; readonly missing: readonly MissingAccess[] };

const ALLOWED: AccessVerdict = { allowed: true };
const UNKNOWN_CALLER: AccessVerdict = { allowed: false, missing: ['caller'] };

/** What the business access file says of one calling application. */
export class CallerAccess {
  /** One text until the caller first calls: half a million strings would have to be kept withSeparateAttempts. */
  #businesses: string | BusinessPatterns;

  /** @param businesses patterns without faults */
  constructor(
    businesses: readonly string[],
    private readonly kinds: readonly AccessKind[],
  ) {
    this.#businesses = foldBusinessId(businesses.join('\n'));
  }

  judge(business: string, kind: AccessKind): AccessVerdict {
    if (typeof this.#businesses === 'string') {
      this.#businesses = new BusinessPatterns(this.#businesses.split('\n'));
    }
    const missing: MissingAccess[] = [];
    if (!this.#businesses.match(business)) missing.push('business');
    if (!this.kinds.includes(kind)) missing.push('operation');
    return missing.length === 0 ? ALLOWED : { allowed: false, missing };
  }
}

/** Which calling application may reach which business: a rule of ours, Graph has none. */
export class BusinessAccess {
  readonly #callers: ReadonlyMap<string, CallerAccess>;

  /** @param callers by application id in lower case */
  constructor(callers: ReadonlyMap<string, CallerAccess>) {
    this.#callers = callers;
  }

  /** How many calling applications have an entry. */
  get callerCount(): number {
    return this.#callers.size;
  }

  /**
   * Whoever has no entry reaches nothing.
   *
   * @param business as it goes up, decoded once
   */
  reaches(appId: string, business: string, operation: Operation): AccessVerdict {
    const caller = this.#callers.get(asciiLowerCase(appId));
    return caller?.judge(business, accessKindOf(operation)) ?? UNKNOWN_CALLER;
  }
}
