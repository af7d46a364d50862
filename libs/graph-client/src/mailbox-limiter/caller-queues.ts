/** A queue for each caller. Callers take turns. */
export class CallerQueues<Item> {
  /** In the order of turns. No queue is empty. */
  readonly #queues = new Map<string, Item[]>();
  #size = 0;

  /** Number of items of all callers. */
  get size(): number {
    return this.#size;
  }

  /** @param first whether it goes before the other items of its caller */
  add(caller: string, item: Item, first: boolean): void {
    const queue = this.#queues.get(caller);
    if (!queue) this.#queues.set(caller, [item]);
    else if (first) queue.unshift(item);
    else queue.push(item);
    this.#size += 1;
  }

  remove(caller: string, item: Item): void {
    const queue = this.#queues.get(caller);
    const index = queue?.indexOf(item) ?? -1;
    if (!queue || index < 0) return;
    queue.splice(index, 1);
    if (queue.length === 0) this.#queues.delete(caller);
    this.#size -= 1;
  }

  /** Takes the oldest item of the next caller, and moves that caller to the end of the turns. */
  takeNext(): Item | undefined {
    for (const [caller, queue] of this.#queues) {
      const next = queue.shift();
      this.#queues.delete(caller);
      if (queue.length > 0) this.#queues.set(caller, queue);
      this.#size -= 1;
      return next;
    }
    return undefined;
  }

  /** The newest item of the caller with most items, if those are at least two more than `caller` has. */
  newestOfLongest(caller: string): Item | undefined {
    const own = this.#queues.get(caller)?.length ?? 0;
    let longest: Item[] = [];
    for (const queue of this.#queues.values()) if (queue.length > longest.length) longest = queue;
    return longest.length > own + 1 ? longest.at(-1) : undefined;
  }

  /** How many items would have their turn before one that `add` adds now. */
  ahead(caller: string, first: boolean): number {
    const own = first ? 0 : (this.#queues.get(caller)?.length ?? 0);
    let count = own;
    let isBefore = true;
    for (const [each, queue] of this.#queues) {
      if (each === caller) isBefore = false;
      else count += Math.min(queue.length, isBefore ? own + 1 : own);
    }
    return count;
  }

  /** All items in the order of turns. The queues must not change meanwhile. */
  *inOrder(): Generator<Item> {
    const queues = [...this.#queues.values()];
    const rounds = Math.max(0, ...queues.map(({ length }) => length));
    for (let round = 0; round < rounds; round += 1) {
      for (const queue of queues) {
        const item = queue[round];
        if (item !== undefined) yield item;
      }
    }
  }
}
