/** Counts what happens at the same time under each key, and remembers the most there was. */
export class Simultaneous {
  readonly #now = new Map<string, number>();
  readonly #peak = new Map<string, number>();

  /** Returns how many there are with this one. */
  enter(key: string): number {
    const count = (this.#now.get(key) ?? 0) + 1;
    this.#now.set(key, count);
    this.#peak.set(key, Math.max(count, this.#peak.get(key) ?? 0));
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

  /** What is under way still counts: the peak falls to it, not to nothing. */
  forgetPeaks(): void {
    this.#peak.clear();
    for (const [key, count] of this.#now) this.#peak.set(key, count);
  }
}
