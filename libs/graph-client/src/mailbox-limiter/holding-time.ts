/** The mean is that of about this many last requests. */
const WEIGHT = 16;
/** A measurement says nothing about a mailbox that was not used for this long. */
const VALID_MS = 60_000;

/** How long a request holds its place: the moving average of those that Graph answered. */
export class HoldingTime {
  #meanMs = 0;
  #count = 0;
  #measuredAtMs = -Infinity;

  measure(heldMs: number, nowMs: number): void {
    if (nowMs - this.#measuredAtMs > VALID_MS) this.#count = 0;
    this.#count = Math.min(WEIGHT, this.#count + 1);
    this.#meanMs += (heldMs - this.#meanMs) / this.#count;
    this.#measuredAtMs = nowMs;
  }

  /** @returns undefined without a recent measurement */
  meanMs(nowMs: number): number | undefined {
    return nowMs - this.#measuredAtMs > VALID_MS ? undefined : this.#meanMs;
  }
}
