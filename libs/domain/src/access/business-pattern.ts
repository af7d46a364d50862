import { foldBusinessId } from './business-id.ts';

/** No SMTP address is longer (RFC 5321, 4.5.3.1): 64 characters, "@" and 255. */
const MOST_CHARACTERS = 320;

/**
 * What a business may hold where access rules count: visible ASCII but `%`, `/` and `\`. Anything
 * else could be read as something else further up: look-alikes, a second decoding, another segment.
 */
const PLAIN = /^[!-$&-.0-[\]-~]+$/;
/** Such characters with one "@" between them. */
const SOUND = /^[!-$&-.0-?A-[\]-~]+@[!-$&-.0-?A-[\]-~]+$/;

/** What is wrong with a pattern, and what would be right. Holds nothing of it. */
export interface PatternFault {
  readonly wrong: string;
  readonly expected: string;
}

const EXPECTED = 'a business such as sales@contoso.com, or a pattern such as *@contoso.com';

/** Undefined when `pattern` can stand in a rule. */
export function patternFault(pattern: unknown): PatternFault | undefined {
  if (typeof pattern !== 'string') return { wrong: 'is no text', expected: EXPECTED };
  if (pattern.length <= MOST_CHARACTERS && SOUND.test(pattern)) return undefined;
  return unsound(pattern);
}

function unsound(pattern: string): PatternFault {
  const halves = pattern.split('@');
  if (pattern === '') return { wrong: 'is empty', expected: EXPECTED };
  if (pattern.length > MOST_CHARACTERS) {
    return { wrong: `is longer than ${MOST_CHARACTERS} characters`, expected: EXPECTED };
  }
  if (!PLAIN.test(pattern)) {
    const expected = `${EXPECTED}, of visible ASCII characters other than %, / and \\`;
    return { wrong: 'holds a character that no business has', expected };
  }
  if (/^\*+$/.test(pattern)) {
    return {
      wrong: 'matches nothing: * never spans "@"',
      expected: `${EXPECTED}; *@* is every one`,
    };
  }
  if (halves.length === 2) return { wrong: 'has nothing beside its "@"', expected: EXPECTED };
  const wrong = halves.length < 2 ? 'has no "@"' : 'has more than one "@"';
  return { wrong, expected: EXPECTED };
}

/** A half of a pattern, between its asterisks: one piece where it has none. */
type Pieces = readonly string[];

/** Some patterns, ready to be matched: in time linear to the business, whatever they hold. */
export class BusinessPatterns {
  readonly #exact = new Set<string>();
  /** Patterns of the part before "@" by the part behind it: those of one domain alone are tried. */
  readonly #ofDomain = new Map<string, Pieces[]>();
  readonly #ofDomains: (readonly [domain: Pieces, local: Pieces])[] = [];

  /** @param patterns without faults, in lower case */
  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) {
      if (pattern.includes('*')) this.#addWildcard(pattern);
      else this.#exact.add(pattern);
    }
  }

  /** @param business as it goes up, decoded once */
  match(business: string): boolean {
    if (business.length > MOST_CHARACTERS || !PLAIN.test(business)) return false;
    const plain = foldBusinessId(business);
    if (this.#exact.has(plain)) return true;
    const [local, domain, ...more] = plain.split('@');
    if (local === undefined || domain === undefined || more.length > 0) return false;
    return (
      (this.#ofDomain.get(domain)?.some((pieces) => fits(local, pieces)) ?? false) ||
      this.#ofDomains.some(([domains, locals]) => fits(domain, domains) && fits(local, locals))
    );
  }

  #addWildcard(pattern: string): void {
    const [local = '', domain = ''] = pattern.split('@');
    const pieces = local.split('*');
    const others = this.#ofDomain.get(domain);
    if (domain.includes('*')) this.#ofDomains.push([domain.split('*'), pieces]);
    else if (others) others.push(pieces);
    else this.#ofDomain.set(domain, [pieces]);
  }
}

/** Whether `text` is the pieces in their order, with anything between them. */
function fits(text: string, pieces: Pieces): boolean {
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1) ?? '';
  const end = text.length - last.length;
  let from = first.length;
  if (from > end || !text.startsWith(first) || !text.endsWith(last)) return false;
  // The leftmost place leaves most room for what follows, so that no other need be tried.
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] ?? '';
    const at = text.indexOf(piece, from);
    from = at + piece.length;
    if (at < 0 || from > end) return false;
  }
  return true;
}
