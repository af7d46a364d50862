import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { Replicas } from './replicas.ts';

/** Kills processes at random moments of a run. */
export class Killer {
  /** Number of kills so far. */
  kills = 0;
  readonly #replicas: Replicas;
  readonly #random: Random;
  /** Numbers of started creates at which to kill, in ascending order. */
  readonly #moments: number[];
  #last: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(replicas: Replicas, random: Random, { kills = 0, creates = 0 }) {
    this.#replicas = replicas;
    this.#random = random;
    this.#moments = Array.from({ length: kills }, () => creates * random.between(0.02, 0.95));
    this.#moments.sort((one, other) => one - other);
  }

  readonly onStarted = (count: number): void => {
    while ((this.#moments[0] ?? Infinity) <= count) {
      this.#moments.shift();
      this.#last = this.#last
        .then(() => this.#kill())
        .catch((error: unknown) => {
          this.#failure ??= error instanceof Error ? error : new Error(String(error));
        });
    }
  };

  /** Waits until every killed process runs again. */
  async finished(): Promise<void> {
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #kill(): Promise<void> {
    const random = this.#random;
    await sleep(random.between(0, 300));
    const first = random.below(this.#replicas.count);
    // Sometimes all processes are killed at once.
    const victims = random.chance(0.1)
      ? Array.from({ length: this.#replicas.count }, (_none, index) => index)
      : [first];
    this.kills += 1;
    const whileStarting = random.chance(0.2) ? random.between(0, 500) : undefined;
    await Promise.all(victims.map((index) => this.#replicas.kill(index, whileStarting)));
  }
}
