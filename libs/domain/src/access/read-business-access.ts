import { ACCESS_KINDS, type AccessKind, BusinessAccess, CallerAccess } from './business-access.ts';
import { asciiLowerCase } from './business-id.ts';
import { patternFault } from './business-pattern.ts';
import { isObject } from '../values.ts';

/** One thing that is wrong with a business access file. Holds no value of it. */
export interface AccessFault {
  /** Such as `callers[3].businesses[0]`; empty for the file as a whole. */
  readonly path: string;
  readonly wrong: string;
  readonly expected: string;
}

/** A file can be wrong in each of half a million places; so many are told in full. */
const MOST_TOLD = 1000;

/** Everything that is wrong with a business access file, at once. */
export class BusinessAccessError extends Error {
  override readonly name = 'BusinessAccessError';

  /** @param faults the first thousand. @param count how many there are */
  constructor(
    readonly faults: readonly AccessFault[],
    readonly count: number,
  ) {
    super(`The business access file has ${count} fault(s).`);
  }
}

const CALLER_PROPERTIES = ['appId', 'businesses', 'operations'];
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CALLERS = 'a list of callers; an empty one refuses everybody';
const KINDS = `a list of some of ${ACCESS_KINDS.join(', ')}`;
const PATTERNS =
  'a list of businesses such as sales@contoso.com, or patterns such as *@contoso.com';

/**
 * @param input the JSON of a business access file
 * @throws BusinessAccessError that names every fault
 */
export function readBusinessAccess(input: unknown): BusinessAccess {
  const read = new AccessReader();
  const callers = read.file(input);
  if (read.count > 0) throw new BusinessAccessError(read.faults, read.count);
  return new BusinessAccess(callers);
}

/** Reads on after a fault, to find them all. */
class AccessReader {
  readonly faults: AccessFault[] = [];
  count = 0;
  readonly #places = new Map<string, string>();

  file(input: unknown): Map<string, CallerAccess> {
    const callers = new Map<string, CallerAccess>();
    const file = this.#object(input, '', ['callers']);
    if (!file) return callers;
    const { callers: list } = file;
    if (!Array.isArray(list)) {
      this.#fault('callers', list === undefined ? 'is missing' : 'is no list', CALLERS);
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
      this.#fault(path, 'is no object', expected);
      return undefined;
    }
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      // A name that is no plain word could be anything, an address too.
      const shown = /^\w{1,32}$/.test(name) ? name : '?';
      this.#fault(path === '' ? shown : `${path}.${shown}`, 'is not known', expected);
    }
    return value;
  }

  #appId(value: unknown, caller: string): string {
    const path = `${caller}.appId`;
    const expected = 'the GUID of a calling application, once in the file';
    if (typeof value !== 'string' || !GUID.test(value)) {
      this.#fault(path, value === undefined ? 'is missing' : 'is no GUID', expected);
      return '';
    }
    const appId = asciiLowerCase(value);
    const other = this.#places.get(appId);
    if (other !== undefined) this.#fault(path, `is that of ${other} too`, expected);
    else this.#places.set(appId, caller);
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
        this.#fault(`${list}[${index}]`, 'is not known', `one of ${ACCESS_KINDS.join(', ')}`);
      } else kinds.push(kind);
    }
    return kinds;
  }

  #items(value: unknown, path: string, expected: string): readonly unknown[] {
    if (Array.isArray(value) && value.length > 0) return value;
    const wrong = Array.isArray(value) ? 'is empty' : 'is no list';
    this.#fault(path, value === undefined ? 'is missing' : wrong, expected);
    return [];
  }

  #fault(path: string, wrong: string, expected: string): void {
    this.count += 1;
    if (this.count <= MOST_TOLD) this.faults.push({ path, wrong, expected });
  }
}
