/**
 * A map that is bounded: those not asked for longest go first.
 *
 * Two maps take turns: when the newer one is full, the older one goes with all that nobody has asked
 * for since. One map in the order of use would be written to by every request.
 */
export class RecentMap<Value> {
  #newer = new Map<string, Value>();
  #older = new Map<string, Value>();

  /** @param most it holds so many at most, and at least the last half of that */
  constructor(private readonly most: number) {}

  get(key: string): Value | undefined {
    const used = this.#newer.get(key);
    if (used !== undefined) return used;
    const value = this.#older.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    if (this.#newer.size >= this.most / 2) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }

  clear(): void {
    this.#newer.clear();
    this.#older.clear();
  }
}
