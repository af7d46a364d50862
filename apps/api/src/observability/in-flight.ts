/** Counts running requests. */
export class InFlight {
  #count = 0;
  #idle: PromiseWithResolvers<undefined> | undefined;

  get count(): number {
    return this.#count;
  }

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#idle?.resolve(undefined);
    this.#idle = undefined;
  }

  /** Resolves when no request is running. */
  async whenIdle(): Promise<void> {
    if (this.#count === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }
}
