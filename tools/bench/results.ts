import type { Run } from './rounds.ts';
import { median } from './statistics.ts';

type Figure = Exclude<keyof Run, 'scenario' | 'target' | 'round'>;

/** The runs of a whole benchmark, by what one wants to know of them. */
export class Results {
  readonly runs: readonly Run[];

  constructor(runs: readonly Run[]) {
    this.runs = runs;
  }

  has(scenario: string): boolean {
    return this.runs.some((run) => run.scenario === scenario);
  }

  of(scenario: string, target: string): readonly Run[] {
    return this.runs.filter((run) => run.scenario === scenario && run.target === target);
  }

  /** Median over the rounds; NaN where it was not measured. */
  median(scenario: string, target: string, figure: Figure): number {
    return median(this.of(scenario, target).map((run) => run[figure]));
  }

  /** `top` to `bottom` in each round, so that what disturbed a round disturbs both. */
  ratios(figure: Figure, top: Cell, bottom: Cell): readonly number[] {
    return this.#pairs(figure, top, bottom).map(([a, b]) => a / b);
  }

  differences(figure: Figure, top: Cell, bottom: Cell): readonly number[] {
    return this.#pairs(figure, top, bottom).map(([a, b]) => a - b);
  }

  #pairs(figure: Figure, top: Cell, bottom: Cell): readonly (readonly [number, number])[] {
    const others = this.of(...bottom);
    return this.of(...top).flatMap((run) => {
      const other = others.find(({ round }) => round === run.round);
      return other ? [[run[figure], other[figure]] as const] : [];
    });
  }
}

/** A scenario and who was measured in it. */
export type Cell = readonly [scenario: string, target: string];
