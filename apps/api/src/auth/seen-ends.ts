/** A power of two, of two bytes each. */
const SLOTS = 65_536;

/** FNV-1a's for 32 bits. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Which texts were seen lately, some ten thousands of them in 128 kB: of each there is half a hash in
 * the place that the other half names. It forgets one when another comes to its place, and takes one of
 * 65,536 for another, so that nothing may rest on it but what something costs.
 */
export class SeenEnds {
  readonly #seen = new Uint16Array(SLOTS);

  /** Whether `end` was seen; from now on it was. */
  again(end: string): boolean {
    const hash = fnv1a(end);
    const slot = hash % SLOTS;
    const rest = Math.floor(hash / SLOTS);
    const seen = this.#seen[slot] === rest;
    this.#seen[slot] = rest;
    return seen;
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
