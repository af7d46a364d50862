import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreateClient } from './create-client.ts';
import { type AttemptResult, Recorder } from './history.ts';
import type { Intent } from './intents.ts';
import type { Random } from './random.ts';

/** A caller postpones an intent this many times while there are faults. */
const MAX_POSTPONEMENTS = 3;
/** Number of callers that work at the same time after the faults have ended. */
const FINISHERS = 32;

/** A caller makes this many attempts in a row before it postpones the intent. */
const ATTEMPTS_PER_ROUND = 5;

export interface WorkloadLimits {
  /** After this time a caller makes no more attempts in a row. */
  readonly roundMs: number;
  /** How long callers retry after the faults have ended. */
  readonly finishMs: number;
}

interface Postponed {
  readonly intent: Intent;
  readonly dueAtMs: number;
  readonly postponements: number;
}

/** Many callers. Each retries a create with the same key until its outcome is known. */
export class Workload {
  readonly recorder: Recorder;
  /** Number of results of each kind. */
  readonly tally = new Map<string, number>();
  readonly #intents: readonly Intent[];
  readonly #client: CreateClient;
  readonly #random: Random;
  readonly #limits: WorkloadLimits;
  readonly #postponed: Postponed[] = [];
  /** Intents that are retried only after the faults have ended. */
  readonly #unresolved: Intent[] = [];
  #started = 0;

  constructor(
    intents: readonly Intent[],
    client: CreateClient,
    random: Random,
    limits: WorkloadLimits,
  ) {
    this.#intents = intents;
    this.#client = client;
    this.#random = random;
    this.#limits = limits;
    this.recorder = new Recorder(intents);
  }

  /** @param onStarted is called for each intent with the number of intents started so far */
  async run(concurrency: number, onStarted: (count: number) => void): Promise<void> {
    const work = async () => {
      for (;;) {
        const due = this.#takeDue();
        if (due) {
          await this.#attempt(due.intent, due.postponements + 1);
          continue;
        }
        const intent = this.#intents[this.#started];
        if (!intent) return;
        this.#started += 1;
        onStarted(this.#started);
        // Some callers send the same create twice at once.
        const times = this.#repeats(0.05) ? 2 : 1;
        await Promise.all(Array.from({ length: times }, () => this.#attempt(intent, 0)));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }

  /** Retries until every outcome is known or the time is over. Repeats some known ones. */
  async finish(): Promise<void> {
    const untilMs = performance.now() + this.#limits.finishMs;
    const postponed = this.#postponed.splice(0).map(({ intent }) => intent);
    const repeated = this.#intents.filter(() => this.#repeats(0.03));
    const all = [...postponed, ...this.#unresolved.splice(0), ...repeated];
    const work = async () => {
      for (let intent = all.shift(); intent; intent = all.shift()) {
        while (!isFinal(await this.#send(intent)) && performance.now() < untilMs) {
          await this.#pause();
        }
      }
    };
    await Promise.all(Array.from({ length: FINISHERS }, work));
  }

  #takeDue(): Postponed | undefined {
    const [first] = this.#postponed;
    if (first === undefined || first.dueAtMs > performance.now()) return undefined;
    return this.#postponed.shift();
  }

  async #attempt(intent: Intent, postponements: number): Promise<void> {
    const untilMs = performance.now() + this.#limits.roundMs;
    for (let count = 0; count < ATTEMPTS_PER_ROUND && performance.now() < untilMs; count += 1) {
      if (count > 0) await this.#pause();
      // Some clients disconnect before they get a response.
      const disconnects = this.#random.chance(0.03);
      const signal = disconnects ? AbortSignal.timeout(this.#random.below(300)) : undefined;
      const result = await this.#send(intent, signal);
      if (!isFinal(result)) continue;
      if (result.kind === 'created' && this.#repeats(0.1)) await this.#send(intent);
      return;
    }
    const dueAtMs = performance.now() + this.#random.between(3000, 10_000);
    if (postponements < MAX_POSTPONEMENTS) this.#postponed.push({ intent, dueAtMs, postponements });
    else this.#unresolved.push(intent);
  }

  async #send(intent: Intent, signal?: AbortSignal): Promise<AttemptResult> {
    const result = await this.recorder.record(intent, () => this.#client.create(intent, signal));
    const name = 'reason' in result ? result.reason : result.kind;
    this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
    return result;
  }

  #repeats(probability: number): boolean {
    return this.#client.isIdempotent && this.#random.chance(probability);
  }

  async #pause(): Promise<void> {
    await sleep(this.#random.between(50, 400));
  }
}

function isFinal({ kind }: AttemptResult): boolean {
  return kind !== 'retry';
}
