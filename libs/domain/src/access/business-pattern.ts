import { foldBusinessId } from './business-id.ts';

/** The longest SMTP address: 64 characters, "@" and 255 (RFC 5321, 4.5.3.1). */
const MAX_LENGTH = 320;

/**
 * The characters of a business that an access rule can match: visible ASCII without `%`, `/` and
 * `\`. This excludes look-alikes, doubly encoded characters and path separators.
 */
const ALLOWED_CHARACTERS = /^[!-$&-.0-[\]-~]+$/;
/** The same characters with one "@" between them. */
const PATTERN = /^[!-$&-.0-?A-[\]-~]+@[!-$&-.0-?A-[\]-~]+$/;

/** What is wrong with a pattern, and what is expected. Never repeats the pattern. */
export interface PatternFault {
  readonly wrong: string;
  readonly expected: string;
}

const EXPECTED = 'a business such as sales@contoso.com, or a pattern such as *@contoso.com';

/** @returns undefined for a valid pattern */
export function patternFault(pattern: unknown): PatternFault | undefined {
  if (typeof pattern !== 'string') return { wrong: 'is not a string', expected: EXPECTED };
  if (pattern.length <= MAX_LENGTH && PATTERN.test(pattern)) return undefined;
  return describeFault(pattern);
}

function describeFault(pattern: string): PatternFault {
  const halves = pattern.split('@');
  if (pattern === '') return { wrong: 'is empty', expected: EXPECTED };
  if (pattern.length > MAX_LENGTH) {
    return { wrong: `is longer than ${MAX_LENGTH} characters`, expected: EXPECTED };
  }
  if (!ALLOWED_CHARACTERS.test(pattern)) {
    const expected = `${EXPECTED}, in visible ASCII characters other than %, / and \\`;
    return { wrong: 'has a character that is not allowed', expected };
  }
  if (/^\*+$/.test(pattern)) {
    return {
      wrong: 'matches nothing: * does not match "@"',
      expected: `${EXPECTED}; *@* matches every business`,
    };
  }
  if (halves.length === 2)
    return { wrong: 'has an empty part before or after "@"', expected: EXPECTED };
  const wrong = halves.length < 2 ? 'has no "@"' : 'has more than one "@"';
  return { wrong, expected: EXPECTED };
}

/** The literals of a pattern between its asterisks. A pattern without asterisks is one literal. */
type Literals = readonly string[];

/** Patterns of one caller. A match takes time linear in the length of the business. */
export class BusinessPatterns {
  readonly #exact = new Set<string>();
  /** Patterns with a wildcard only in the local part, by domain. */
  readonly #byDomain = new Map<string, Literals[]>();
  /** Patterns with a wildcard in the domain. */
  readonly #others: (readonly [domain: Literals, local: Literals])[] = [];

  /** @param patterns valid, in lower case */
  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) {
      if (pattern.includes('*')) this.#addWildcard(pattern);
      else this.#exact.add(pattern);
    }
  }

  /** @param business decoded once, exactly as it is forwarded to Graph */
  match(business: string): boolean {
    if (business.length > MAX_LENGTH || !ALLOWED_CHARACTERS.test(business)) return false;
    const folded = foldBusinessId(business);
    if (this.#exact.has(folded)) return true;
    const [local, domain, ...more] = folded.split('@');
    if (local === undefined || domain === undefined || more.length > 0) return false;
    return (
      (this.#byDomain.get(domain)?.some((literals) => matches(local, literals)) ?? false) ||
      this.#others.some(([domains, locals]) => matches(domain, domains) && matches(local, locals))
    );
  }

  #addWildcard(pattern: string): void {
    const [local = '', domain = ''] = pattern.split('@');
    const literals = local.split('*');
    const sameDomain = this.#byDomain.get(domain);
    if (domain.includes('*')) this.#others.push([domain.split('*'), literals]);
    else if (sameDomain) sameDomain.push(literals);
    else this.#byDomain.set(domain, [literals]);
  }
}

/** Whether `text` has the literals in their order, with any characters between them. */
function matches(text: string, literals: Literals): boolean {
  const first = literals[0] ?? '';
  if (literals.length === 1) return text === first;
  const last = literals.at(-1) ?? '';
  const end = text.length - last.length;
  let from = first.length;
  if (from > end || !text.startsWith(first) || !text.endsWith(last)) return false;
  // The leftmost match leaves the most room for the rest, so no backtracking is needed.
  for (let index = 1; index < literals.length - 1; index += 1) {
    const literal = literals[index] ?? '';
    const at = text.indexOf(literal, from);
    from = at + literal.length;
    if (at < 0 || from > end) return false;
  }
  return true;
}
