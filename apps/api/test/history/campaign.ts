import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asker } from './asker.ts';
import { type Answer, Recorder } from './history.ts';
import type { Intent } from './intents.ts';
import type { Random } from './random.ts';

/** So often a caller asks before it does something else, and comes back. */
const MOST_ASKS = 5;
/** So often it comes back while there are faults; later, until it knows. */
const MOST_RETURNS = 3;
/** How many come back at a time in the end. */
const SETTLERS = 32;

interface Unfinished {
  readonly intent: Intent;
  readonly dueAtMs: number;
  /** How often its caller has come back. */
  readonly returns: number;
}

/** Many callers, each of whom asks again with the same key until it knows. */
export class Campaign {
  readonly recorder: Recorder;
  /** How often there was which answer. */
  readonly tally = new Map<string, number>();
  readonly #intents: readonly Intent[];
  readonly #asker: Asker;
  readonly #random: Random;
  readonly #unfinished: Unfinished[] = [];
  /** Those who come back in the end alone. */
  readonly #late: Intent[] = [];
  #begun = 0;

  constructor(intents: readonly Intent[], asker: Asker, random: Random) {
    this.#intents = intents;
    this.#asker = asker;
    this.#random = random;
    this.recorder = new Recorder(intents);
  }

  /** @param onBegun hears of every intent how many have been begun */
  async run(concurrency: number, onBegun: (count: number) => void): Promise<void> {
    const work = async () => {
      for (;;) {
        const back = this.#due();
        if (back) {
          await this.#pursue(back.intent, back.returns + 1);
          continue;
        }
        const intent = this.#intents[this.#begun];
        if (!intent) return;
        this.#begun += 1;
        onBegun(this.#begun);
        // Some press the button twice.
        const times = this.#repeats(0.05) ? 2 : 1;
        await Promise.all(Array.from({ length: times }, () => this.#pursue(intent, 0)));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }

  /** Asks until everybody knows, or `limitMs` are over; some who know ask once more. */
  async settle(limitMs: number): Promise<void> {
    const untilMs = performance.now() + limitMs;
    const waiting = this.#unfinished.splice(0).map(({ intent }) => intent);
    const again = this.#intents.filter(() => this.#repeats(0.03));
    const all = [...waiting, ...this.#late.splice(0), ...again];
    const work = async () => {
      for (let intent = all.shift(); intent; intent = all.shift()) {
        while (!isEnd(await this.#ask(intent)) && performance.now() < untilMs) await this.#pause();
      }
    };
    await Promise.all(Array.from({ length: SETTLERS }, work));
  }

  #due(): Unfinished | undefined {
    const [first] = this.#unfinished;
    if (first === undefined || first.dueAtMs > performance.now()) return undefined;
    return this.#unfinished.shift();
  }

  async #pursue(intent: Intent, returns: number): Promise<void> {
    for (let asks = 0; asks < MOST_ASKS; asks += 1) {
      if (asks > 0) await this.#pause();
      // Some leave before they are answered.
      const leaves = this.#random.chance(0.03);
      const signal = leaves ? AbortSignal.timeout(this.#random.below(300)) : undefined;
      const answer = await this.#ask(intent, signal);
      if (!isEnd(answer)) continue;
      if (answer.kind === 'created' && this.#repeats(0.1)) await this.#ask(intent);
      return;
    }
    const dueAtMs = performance.now() + this.#random.between(3000, 10_000);
    if (returns < MOST_RETURNS) this.#unfinished.push({ intent, dueAtMs, returns });
    else this.#late.push(intent);
  }

  async #ask(intent: Intent, signal?: AbortSignal): Promise<Answer> {
    const answer = await this.recorder.question(intent, () => this.#asker.ask(intent, signal));
    const said = 'why' in answer ? answer.why : answer.kind;
    this.tally.set(said, (this.tally.get(said) ?? 0) + 1);
    return answer;
  }

  #repeats(probability: number): boolean {
    return this.#asker.isRepeatable && this.#random.chance(probability);
  }

  async #pause(): Promise<void> {
    await sleep(this.#random.between(50, 400));
  }
}

function isEnd({ kind }: Answer): boolean {
  return kind !== 'again';
}
