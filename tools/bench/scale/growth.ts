/** Processor time of a request, with so much of something. */
export interface Cost {
  readonly value: number;
  readonly cpuUs: number;
}

/** What does not differ by more than this factor is flat. */
export const FLAT_WITHIN = 1.25;

/** How the cost goes with the value. */
export interface Growth {
  readonly kind: 'flat' | 'grows' | 'differs';
  /** The dearest to the cheapest. */
  readonly factor: number;
  /** The value that costs most. */
  readonly dearest: number;
}

/** @param costs in the order of their values; `grows` is what costs most with the largest */
export function growth(costs: readonly Cost[]): Growth {
  const sorted = costs.toSorted((one, other) => one.cpuUs - other.cpuUs);
  const [cheapest, dearest] = [sorted[0], sorted.at(-1)];
  if (!cheapest || !dearest) throw new TypeError('nothing was measured');
  const factor = dearest.cpuUs / cheapest.cpuUs;
  const growing = dearest === costs.at(-1) ? 'grows' : 'differs';
  return { kind: factor <= FLAT_WITHIN ? 'flat' : growing, factor, dearest: dearest.value };
}
