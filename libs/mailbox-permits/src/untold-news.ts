import type { LearnedLimit } from '@bookings/graph-client';
import type { LoweredLimit } from './rows.ts';

/** What Graph has said of a mailbox, for the other processes. */
export interface ToldNews {
  /** Its name, not its digest. */
  readonly mailbox: string;
  /** What is left of a pause; not positive without one. */
  readonly pauseMs: number;
  readonly lowered: LoweredLimit | undefined;
}

export interface UntoldItem {
  readonly news: ToldNews;
  /** Call it when the others have heard of it. */
  readonly told: () => void;
}

/** What other processes have not heard yet: the last pause and the last limit of each mailbox. */
export class UntoldNews {
  readonly #pauses = new Map<string, number>();
  readonly #limits = new Map<string, LearnedLimit>();

  pause(mailbox: string, untilMs: number): void {
    this.#pauses.set(mailbox, untilMs);
  }

  limit(mailbox: string, learned: LearnedLimit): void {
    this.#limits.set(mailbox, learned);
  }

  /** What to tell next. It stays untold until `told` is called. */
  next(nowMs: number): UntoldItem | undefined {
    for (const [mailbox, untilMs] of this.#pauses) {
      const told = () => {
        if (this.#pauses.get(mailbox) === untilMs) this.#pauses.delete(mailbox);
      };
      if (untilMs > nowMs) {
        return { news: { mailbox, pauseMs: untilMs - nowMs, lowered: undefined }, told };
      }
      told();
    }
    const [first] = this.#limits;
    if (!first) return undefined;
    const [mailbox, learned] = first;
    const { limit, loweredAtMs } = learned;
    return {
      news: { mailbox, pauseMs: 0, lowered: { limit, agoMs: nowMs - loweredAtMs } },
      told: () => {
        if (this.#limits.get(mailbox) === learned) this.#limits.delete(mailbox);
      },
    };
  }
}
