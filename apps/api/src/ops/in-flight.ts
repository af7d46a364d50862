/** Requests that have arrived and are not answered. */
export class InFlight {
  #count = 0;
  #idle = Promise.withResolvers<undefined>();

  get count(): number {
    return this.#count;
  }

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#idle.resolve(undefined);
    this.#idle = Promise.withResolvers();
  }

  /** Resolves as soon as there are none. */
  async whenIdle(): Promise<void> {
    if (this.#count > 0) await this.#idle.promise;
  }
}
