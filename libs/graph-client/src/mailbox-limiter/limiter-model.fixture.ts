import { expect } from '@jest/globals';
import {
  type LimiterUnderTest,
  type RequestOptions,
  type TestRequest,
  settled,
} from './limiter.fixture.ts';
import type { AttemptEnd } from './place.ts';

interface Asked extends TestRequest {
  readonly caller: string;
  readonly isRepeat: boolean;
  readonly deadlineAtMs: number;
}

const MINUTE_MS = 60_000;

/** What a test knows of one mailbox by itself, and what must always hold. */
export class LimiterModel {
  readonly waiting: Asked[] = [];
  readonly running: Asked[] = [];
  #lingering: number[] = [];
  #pausedUntilMs = -Infinity;
  #first: Asked | 'needed' | undefined;
  #loweredAtMs: number | undefined;
  #lowered = 0;
  /** For each caller that waits, the callers that got a place since it began, or had its last turn. */
  readonly #passedBy = new Map<string, string[]>();
  #names = 0;

  constructor(
    private readonly test: LimiterUnderTest,
    private readonly options: { readonly concurrency: number; readonly lingerMs: number },
  ) {}

  get #nowMs(): number {
    return this.test.clock.now();
  }

  get #limit(): number {
    const minutes = Math.floor((this.#nowMs - (this.#loweredAtMs ?? 0)) / MINUTE_MS);
    const lowered = this.#loweredAtMs === undefined ? 0 : Math.max(0, this.#lowered - minutes);
    return this.options.concurrency - lowered;
  }

  get #inUse(): number {
    this.#lingering = this.#lingering.filter((endsAtMs) => endsAtMs > this.#nowMs);
    return this.running.length + this.#lingering.length;
  }

  get #isFree(): boolean {
    const isOpen = this.#first === undefined || this.#first === 'needed';
    return isOpen && this.#nowMs >= this.#pausedUntilMs && this.#inUse < this.#limit;
  }

  async ask(options: RequestOptions & { readonly caller: string }): Promise<void> {
    const wasFree = this.#isFree;
    const { caller, isRepeat = false, deadlineMs = NaN } = options;
    const deadlineAtMs = this.#nowMs + deadlineMs;
    const asked = await this.test.ask(String((this.#names += 1)), options);
    this.waiting.push(Object.assign(asked, { caller, isRepeat, deadlineAtMs }));
    if (wasFree) expect(asked.place).toBeDefined();
    this.observe();
  }

  async end(index: number, end: AttemptEnd): Promise<void> {
    const request = this.running[index % this.running.length];
    if (!request) return;
    const inFlight = this.#inUse;
    this.running.splice(this.running.indexOf(request), 1);
    if (this.#first === request) this.#first = end.kind === 'not-sent' ? 'needed' : undefined;
    if (end.kind === 'unanswered') this.#lingering.push(this.#nowMs + this.options.lingerMs);
    if (end.kind === 'throttled') this.#throttled(end, inFlight);
    await this.test.end(request, end);
    this.observe();
  }

  async abort(index: number): Promise<void> {
    const request = this.waiting[index % this.waiting.length];
    request?.abort();
    await settled();
    this.observe();
  }

  /** Lets the time pass in steps, so that what happens at each point in time can be judged. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    do {
      const deadlines = this.waiting.map(({ deadlineAtMs }) => deadlineAtMs);
      const all = [this.#pausedUntilMs, ...this.#lingering, ...deadlines];
      const changes = all.filter((at) => at > this.#nowMs);
      await this.test.clock.pass(Math.min(untilMs, ...changes) - this.#nowMs);
      this.observe();
    } while (this.#nowMs < untilMs);
  }

  /** Judges what has changed since the last time. */
  observe(): void {
    for (const name of this.test.log.splice(0)) this.#granted(name);
    for (const gone of this.waiting.filter(({ error }) => error !== undefined)) {
      this.waiting.splice(this.waiting.indexOf(gone), 1);
      // No request is refused, or waits until its deadline, while a place is free.
      if (String(gone.error) !== 'Error: the client disconnected') expect(this.#isFree).toBe(false);
    }
    if (this.waiting.length > 0) expect(this.#isFree).toBe(false);
    const callers = new Set(this.waiting.map(({ caller }) => caller));
    for (const caller of this.#passedBy.keys())
      if (!callers.has(caller)) this.#passedBy.delete(caller);
    for (const caller of callers) if (!this.#passedBy.has(caller)) this.#passedBy.set(caller, []);
    expect(this.test.limiter.occupancy()).toEqual({
      placesInUse: this.#inUse,
      waiting: this.waiting.length,
      loweredLimits: this.#limit < this.options.concurrency ? 1 : 0,
    });
  }

  #granted(name: string): void {
    const granted = this.waiting.find((each) => each.name === name);
    if (!granted) throw new Error(`${name} got a place and did not wait`);
    // Never over the limit, with the places that linger, nor in a pause.
    expect(this.#isFree).toBe(true);
    const own = this.waiting.filter(({ caller }) => caller === granted.caller);
    // The newest repeat goes first, then the oldest request.
    expect(granted).toBe(own.findLast(({ isRepeat }) => isRepeat) ?? own[0]);
    this.waiting.splice(this.waiting.indexOf(granted), 1);
    this.running.push(granted);
    if (this.#first === 'needed') this.#first = granted;
    for (const [caller, passedBy] of this.#passedBy) {
      // No caller has two turns while another one waits for its own.
      if (caller !== granted.caller) expect(passedBy).not.toContain(granted.caller);
      if (caller === granted.caller) passedBy.length = 0;
      else passedBy.push(granted.caller);
    }
  }

  #throttled(
    { retryAfterMs, isOverConcurrency }: Extract<AttemptEnd, { kind: 'throttled' }>,
    inFlight: number,
  ): void {
    if (isOverConcurrency && inFlight <= 4) {
      this.#lowered = Math.min(
        this.options.concurrency - this.#limit + 1,
        this.options.concurrency - 1,
      );
      this.#loweredAtMs = this.#nowMs;
    }
    if (retryAfterMs === undefined) return;
    this.#first = 'needed';
    this.#pausedUntilMs = Math.max(
      this.#pausedUntilMs,
      this.#nowMs + Math.min(retryAfterMs, MINUTE_MS),
    );
  }
}
