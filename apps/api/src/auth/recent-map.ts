/**
 * A map that is bounded: those not used for longest go first.
 *
 * Two maps take turns: when the newer one is full, the older one goes with all that has not been used
 * since. One map in the order of use would be written to by every request.
 */
export class RecentMap<Value> {
  #newer = new Map<string, Value>();
  #older = new Map<string, Value>();

  /** @param most it holds so many at most, and at least the last half of that */
  constructor(private readonly most: number) {}

  /** To look is no use of it. */
  get(key: string): Value | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  use(key: string): void {
    const value = this.#newer.has(key) ? undefined : this.#older.get(key);
    if (value !== undefined) this.set(key, value);
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
