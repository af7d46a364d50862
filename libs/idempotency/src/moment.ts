import { performance } from 'node:perf_hooks';

/** The clocks of this process. */
export interface ProcessClocks {
  elapsedMs(): number;
  wallMs(): number;
}

const CLOCKS: ProcessClocks = { elapsedMs: () => performance.now(), wallMs: () => Date.now() };

/** A moment, by both clocks of this process. */
export class Moment {
  /** In milliseconds of `performance.now()`. */
  readonly elapsedMs: number;
  readonly #wallMs: number;

  constructor(private readonly clocks = CLOCKS) {
    this.elapsedMs = clocks.elapsedMs();
    this.#wallMs = clocks.wallMs();
  }

  /**
   * How long ago it was at most. While the machine sleeps, only the wall clock goes on; but the wall
   * clock may be set back.
   */
  mostAgoMs(): number {
    const { clocks } = this;
    return Math.max(clocks.elapsedMs() - this.elapsedMs, clocks.wallMs() - this.#wallMs);
  }
}
