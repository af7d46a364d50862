/** Work that outlives the request that began it. */
export class RunningWork {
  readonly #running = new Set<Promise<unknown>>();

  add<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const remove = () => this.#running.delete(work);
    work.then(remove, remove);
    return work;
  }

  /** Resolves when nothing is in progress, including what was added while waiting. */
  async whenIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
