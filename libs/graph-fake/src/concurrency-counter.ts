/** Counts what is in progress for each key, and its peak. */
export class ConcurrencyCounter {
  readonly #now = new Map<string, number>();
  readonly #peak = new Map<string, number>();
  #highest = 0;

  /** The peak of any key since the start. `forgetPeaks` does not change it. */
  get highest(): number {
    return this.#highest;
  }

  /** @returns how many are in progress, including this one */
  enter(key: string): number {
    const count = (this.#now.get(key) ?? 0) + 1;
    this.#now.set(key, count);
    this.#peak.set(key, Math.max(count, this.#peak.get(key) ?? 0));
    this.#highest = Math.max(count, this.#highest);
    return count;
  }

  leave(key: string): void {
    const count = (this.#now.get(key) ?? 0) - 1;
    if (count > 0) this.#now.set(key, count);
    else this.#now.delete(key);
  }

  peaks(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#peak);
  }

  /** Resets the peaks to what is in progress. */
  forgetPeaks(): void {
    this.#peak.clear();
    for (const [key, count] of this.#now) this.#peak.set(key, count);
  }
}
