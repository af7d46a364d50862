import { ACCESS_KINDS, type AccessKind } from '../operations.ts';
import { BusinessAccess, CallerAccess } from './business-access.ts';
import { asciiLowerCase } from '../values.ts';
import { patternFault } from './business-pattern.ts';
import { isObject } from '../values.ts';

/** One fault of a business access file. Never repeats a value of the file. */
export interface AccessFault {
  /** Such as `callers[3].businesses[0]`; empty for the file as a whole. */
  readonly path: string;
  readonly wrong: string;
  readonly expected: string;
}

/** A file may have half a million patterns, and each may be wrong. */
const MAX_FAULTS = 1000;

/** Reports every fault of a business access file at once. */
export class BusinessAccessError extends Error {
  override readonly name = 'BusinessAccessError';
  /** The first MAX_FAULTS. */
  readonly faults: readonly AccessFault[];
  /** How many faults there are in all. */
  readonly count: number;

  constructor(faults: readonly AccessFault[], count: number) {
    super(`The business access file has ${count} fault(s).`);
    this.faults = faults;
    this.count = count;
  }
}

const CALLER_PROPERTIES = ['appId', 'businesses', 'operations'];
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CALLERS = 'a list of callers; an empty list refuses every caller';
const KINDS = `a list of some of ${ACCESS_KINDS.join(', ')}`;
const PATTERNS =
  'a list of businesses such as sales@contoso.com, or patterns such as *@contoso.com';

/**
 * @param input a business access file, parsed from JSON
 * @throws BusinessAccessError with every fault
 */
export function readBusinessAccess(input: unknown): BusinessAccess {
  const read = new AccessReader();
  const callers = read.file(input);
  if (read.count > 0) throw new BusinessAccessError(read.faults, read.count);
  return new BusinessAccess(callers);
}

/** Continues after a fault, to report all of them. */
class AccessReader {
  readonly faults: AccessFault[] = [];
  count = 0;
  readonly #entries = new Map<string, string>();

  file(input: unknown): Map<string, CallerAccess> {
    const callers = new Map<string, CallerAccess>();
    const file = this.#object(input, '', ['callers']);
    if (!file) return callers;
    const { callers: list } = file;
    if (!Array.isArray(list)) {
      this.#fault('callers', list === undefined ? 'is missing' : 'is not a list', CALLERS);
      return callers;
    }
    list.forEach((entry: unknown, index) => {
      const path = `callers[${index}]`;
      const caller = this.#object(entry, path, CALLER_PROPERTIES);
      if (!caller) return;
      const appId = this.#appId(caller['appId'], path);
      const businesses = this.#businesses(caller['businesses'], `${path}.businesses`);
      const kinds = this.#kinds(caller['operations'], `${path}.operations`);
      callers.set(appId, new CallerAccess(businesses, kinds));
    });
    return callers;
  }

  #object(
    value: unknown,
    path: string,
    known: readonly string[],
  ): Record<string, unknown> | undefined {
    const expected = `an object with ${known.join(', ')}`;
    if (!isObject(value)) {
      this.#fault(path, 'is not an object', expected);
      return undefined;
    }
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      // An unusual name may be personal data, such as an e-mail address.
      const printable = /^\w{1,32}$/.test(name) ? name : '?';
      this.#fault(path === '' ? printable : `${path}.${printable}`, 'is unknown', expected);
    }
    return value;
  }

  #appId(value: unknown, caller: string): string {
    const path = `${caller}.appId`;
    const expected = 'the GUID of a calling application, unique in the file';
    if (typeof value !== 'string' || !GUID.test(value)) {
      this.#fault(path, value === undefined ? 'is missing' : 'is not a GUID', expected);
      return '';
    }
    const appId = asciiLowerCase(value);
    const other = this.#entries.get(appId);
    if (other !== undefined) this.#fault(path, `is the same as in ${other}`, expected);
    else this.#entries.set(appId, caller);
    return appId;
  }

  #businesses(value: unknown, list: string): readonly string[] {
    const patterns: string[] = [];
    for (const [index, item] of this.#items(value, list, PATTERNS).entries()) {
      const fault = patternFault(item);
      if (fault) this.#fault(`${list}[${index}]`, fault.wrong, fault.expected);
      else if (typeof item === 'string') patterns.push(item);
    }
    return patterns;
  }

  #kinds(value: unknown, list: string): readonly AccessKind[] {
    const kinds: AccessKind[] = [];
    for (const [index, item] of this.#items(value, list, KINDS).entries()) {
      const kind = ACCESS_KINDS.find((each) => each === item);
      if (kind === undefined) {
        this.#fault(`${list}[${index}]`, 'is unknown', `one of ${ACCESS_KINDS.join(', ')}`);
      } else kinds.push(kind);
    }
    return kinds;
  }

  #items(value: unknown, path: string, expected: string): readonly unknown[] {
    if (Array.isArray(value) && value.length > 0) return value;
    const wrong = Array.isArray(value) ? 'is empty' : 'is not a list';
    this.#fault(path, value === undefined ? 'is missing' : wrong, expected);
    return [];
  }

  #fault(path: string, wrong: string, expected: string): void {
    this.count += 1;
    if (this.count <= MAX_FAULTS) this.faults.push({ path, wrong, expected });
  }
}
