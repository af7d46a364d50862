/** Processor time of a request, with so much of something. */
export interface Cost {
  readonly value: number;
  readonly cpuUs: number;
}

/** What does not differ by more than this factor is flat. */
export const FLAT_WITHIN = 1.25;

/** How the cost goes with the value; `factor` is that of the dearest to the cheapest where not said. */
export type Growth =
  | { readonly kind: 'flat'; readonly factor: number }
  /** From the cheapest row, which is that of `from`, to the last one. */
  | { readonly kind: 'grows'; readonly factor: number; readonly from: number }
  | { readonly kind: 'differs'; readonly factor: number; readonly dearest: number };

/** @param costs in the order of their values */
export function growth(costs: readonly Cost[]): Growth {
  const sorted = costs.toSorted((one, other) => one.cpuUs - other.cpuUs);
  const [cheapest, dearest, last] = [sorted[0], sorted.at(-1), costs.at(-1)];
  if (!cheapest || !dearest || !last) throw new TypeError('nothing was measured');
  const grown = last.cpuUs / cheapest.cpuUs;
  if (grown > FLAT_WITHIN) return { kind: 'grows', factor: grown, from: cheapest.value };
  const factor = dearest.cpuUs / cheapest.cpuUs;
  if (factor > FLAT_WITHIN) return { kind: 'differs', factor, dearest: dearest.value };
  return { kind: 'flat', factor };
}
