import type { WaitingReplica } from './shares.ts';

/** What is known of the other replicas that wait for permits of a mailbox. */
export class OtherReplicas {
  #heard: readonly (WaitingReplica & { readonly heardAtMs: number })[] = [];

  replace(waiting: readonly WaitingReplica[], nowMs: number): void {
    this.#heard = waiting.map((each) => ({ ...each, heardAtMs: nowMs }));
  }

  hear(replica: WaitingReplica, nowMs: number): void {
    const others = this.#heard.filter(({ process }) => process !== replica.process);
    this.#heard = [...others, { ...replica, heardAtMs: nowMs }];
  }

  waiting(nowMs: number): readonly WaitingReplica[] {
    return this.#heard.map(({ heardAtMs, ...each }) => ({
      ...each,
      waitedMs: each.waitedMs + nowMs - heardAtMs,
    }));
  }
}
