/** Of two bytes each, two to a place. */
const ENTRIES = 65_536;
const PLACES = ENTRIES / 2;

/** FNV-1a's for 32 bits. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Which texts were seen lately, some ten thousands of them in 128 kB: of each there is half a hash, in
 * one of the two entries of its place. Nothing may rest on it but what something costs: it takes one of
 * some 30,000 for another, and a text for new when two others have come to its place since, which
 * three that come by turns do without end.
 */
export class SeenEnds {
  readonly #halves = new Uint16Array(ENTRIES);

  /** Whether `end` was seen; from now on it was. */
  again(end: string): boolean {
    const hash = fnv1a(end);
    const newest = 2 * (hash % PLACES);
    const half = hash >>> 16;
    const before = this.#halves[newest] ?? 0;
    if (before === half || this.#halves[newest + 1] === half) return true;
    this.#halves[newest + 1] = before;
    this.#halves[newest] = half;
    return false;
  }
}

/** Of ASCII (draft-eastlake-fnv). */
function fnv1a(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return hash >>> 0;
}
