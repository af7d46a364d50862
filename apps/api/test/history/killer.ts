import { setTimeout as sleep } from 'node:timers/promises';
import { runKeys } from './keys-command.ts';
import type { Random } from './random.ts';
import type { Replicas } from './replicas.ts';
import type { RunStore } from './stores.ts';

const HOUR_MS = 3_600_000;
/** Longer than a lease, which is the deadline and 5 s. */
const AFTER_JUMP_MS = 10_000;

export interface Incidents {
  readonly creates: number;
  readonly kills: number;
  /** How often the clock of the store is set. */
  readonly jumps: number;
  /** How often an older copy of the store is put back. */
  readonly restores: number;
}

interface Moment {
  /** Number of started creates. */
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** Kills processes at random moments of a run, sets the clock of their store, and restores it. */
export class Killer {
  /** Number of kills so far. */
  kills = 0;
  readonly #replicas: Replicas;
  readonly #store: RunStore;
  readonly #random: Random;
  /** In ascending order. */
  readonly #moments: Moment[];
  #putBack: (() => Promise<void>) | undefined;
  #last: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(replicas: Replicas, store: RunStore, random: Random, incidents: Incidents) {
    this.#replicas = replicas;
    this.#store = store;
    this.#random = random;
    const { creates, kills, jumps, restores } = incidents;
    const moments = (count: number, at: (index: number) => number, run: Moment['run']) =>
      Array.from({ length: count }, (_none, index) => ({ at: creates * at(index), run }));
    let aheadMs = 0;
    const jump = () => {
      const ms = aheadMs === 0 ? HOUR_MS : -HOUR_MS;
      aheadMs += ms;
      return this.#moveClock(ms);
    };
    // A guard does not survive every jump of PostgreSQL's clock, so the jumps come first.
    this.#moments = [
      ...moments(kills, () => random.between(0.02, 0.95), this.#kill),
      ...moments(jumps, (index) => 0.05 + (0.4 * index) / jumps, jump),
      ...moments(restores, (index) => 0.5 + (0.4 * index) / restores, this.#copy),
      ...moments(restores, (index) => 0.5 + (0.4 * (index + 0.5)) / restores, this.#restore),
    ].sort((one, other) => one.at - other.at);
  }

  readonly onStarted = (count: number): void => {
    while ((this.#moments[0]?.at ?? Infinity) <= count) {
      const moment = this.#moments.shift();
      this.#last = this.#last
        .then(() => moment?.run())
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

  readonly #kill = async (): Promise<void> => {
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
  };

  /** A process that starts around a jump of the server's clock does not notice it. */
  async #moveClock(ms: number): Promise<void> {
    await sleep(1500);
    await this.#store.moveClock(ms);
    await sleep(AFTER_JUMP_MS);
  }

  readonly #copy = async (): Promise<void> => {
    const since = new Date().toISOString();
    const putBack = await this.#store.backUp();
    this.#putBack = async () => {
      await putBack();
      await runKeys(this.#store.env, 'guard', '--since', since);
    };
  };

  readonly #restore = async (): Promise<void> => {
    const putBack = this.#putBack;
    if (!putBack) throw new Error('there is no copy');
    await this.#replicas.restart(putBack);
  };
}
