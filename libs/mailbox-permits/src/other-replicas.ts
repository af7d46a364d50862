import type { WaitingReplica } from './shares.ts';

interface Heard extends WaitingReplica {
  readonly heardAtMs: number;
  /** It said so itself, rather than the rows. */
  readonly isSaid: boolean;
}

/** What is known of the other replicas that wait for permits of a mailbox. */
export class OtherReplicas {
  #heard: readonly Heard[] = [];

  /**
   * What the rows say. They do not know of what was said since they were read.
   *
   * @param sentAtMs when the statement was about to be sent that read them
   */
  replace(waiting: readonly WaitingReplica[], sentAtMs: number, nowMs: number): void {
    const later = this.#heard.filter(({ isSaid, heardAtMs }) => isSaid && heardAtMs >= sentAtMs);
    const saidLater = new Set(later.map(({ process }) => process));
    const read = waiting
      .filter(({ process }) => !saidLater.has(process))
      .map((each) => ({ ...each, heardAtMs: nowMs, isSaid: false }));
    this.#heard = [...read, ...later];
  }

  hear(replica: WaitingReplica, nowMs: number): void {
    const others = this.#heard.filter(({ process }) => process !== replica.process);
    this.#heard = [...others, { ...replica, heardAtMs: nowMs, isSaid: true }];
  }

  /** A permit is given up for the process. */
  give(to: string): void {
    this.#heard = this.#heard.map((each) =>
      each.process === to ? { ...each, held: each.held + 1 } : each,
    );
  }

  waiting(nowMs: number): readonly WaitingReplica[] {
    return this.#heard.map(({ process, wanted, held, waitedMs, heardAtMs }) => ({
      ...{ process, wanted, held },
      waitedMs: waitedMs + nowMs - heardAtMs,
    }));
  }
}
