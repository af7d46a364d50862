import type { Clock } from './clock.ts';
import type { MailboxOptions } from './mailbox.ts';
import { MailboxLimiter } from './mailbox-limiter.ts';
import type { AttemptEnd, LimiterEvents, Place } from './place.ts';
import type { LimiterRequest } from './waiter.ts';

/** A clock that stands still until it is told to go on, or that creeps as time does. */
export class TestClock implements Clock {
  #nowMs = 0;
  /** By how much each look at the clock moves it. */
  creepMs = 0;
  /** How much too early timers are, as those of Node can be. */
  earlyMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  now(): number {
    this.#nowMs += this.creepMs;
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets the time pass, with what happens meanwhile in its order. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((one, other) => one.atMs - other.atMs);
      if (!next || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs - this.earlyMs);
      next.callback();
      await settled();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }
}

export const settled = () => new Promise((resolve) => setImmediate(resolve));

export const ANSWERED: AttemptEnd = { kind: 'answered' };
export const UNANSWERED: AttemptEnd = { kind: 'unanswered' };
export const NOT_SENT: AttemptEnd = { kind: 'not-sent' };
export const throttled = (retryAfterMs?: number, isOverConcurrency = false): AttemptEnd => ({
  kind: 'throttled',
  retryAfterMs,
  isOverConcurrency,
});

export interface RequestOptions {
  readonly caller?: string;
  readonly business?: string;
  /** From now. */
  readonly deadlineMs?: number;
  readonly isRepeat?: boolean;
}

/** A request to the limiter of a test, and what has become of it. */
export interface TestRequest {
  readonly name: string;
  place: Place | undefined;
  error: unknown;
  readonly abort: () => void;
}

/** A limiter with a clock of its own. It logs the names of requests as they get their places. */
export class LimiterUnderTest {
  readonly clock = new TestClock();
  readonly log: string[] = [];
  readonly events: string[] = [];
  readonly limiter: MailboxLimiter;

  constructor(options: Partial<MailboxOptions> = {}) {
    const events: LimiterEvents = {
      admitted: (queuedMs) => this.events.push(`admitted ${queuedMs}`),
      refused: (reason) => this.events.push(`refused ${reason}`),
      paused: () => this.events.push('paused'),
    };
    const all = { concurrency: 4, queueLimit: 64, lingerMs: 5000, ...options };
    this.limiter = new MailboxLimiter(all, events, this.clock);
  }

  /** Asks for a place. Resolves when the request has one, is refused, or waits. */
  async ask(name: string, options: RequestOptions = {}): Promise<TestRequest> {
    const { caller = 'a', business = 'b@contoso.com', deadlineMs = 3_600_000 } = options;
    const client = new AbortController();
    const deadlineAtMs = this.clock.now() + deadlineMs;
    const request: LimiterRequest = {
      caller,
      deadlineAtMs,
      lastStartAtMs: deadlineAtMs,
      isRepeat: options.isRepeat ?? false,
      signal: client.signal,
    };
    const asked: TestRequest = {
      name,
      place: undefined,
      error: undefined,
      abort: () => {
        client.abort(new Error('the client disconnected'));
      },
    };
    this.limiter.acquire(business, request).then(
      (place) => {
        this.log.push(name);
        asked.place = place;
      },
      (error: unknown) => {
        asked.error = error;
      },
    );
    await settled();
    return asked;
  }

  /** Asks for a place for each name. */
  async askAll(names: readonly string[], options?: RequestOptions): Promise<TestRequest[]> {
    const asked: TestRequest[] = [];
    for (const name of names) asked.push(await this.ask(name, options));
    return asked;
  }

  /** Ends the attempt of a request. */
  async end(request: TestRequest | undefined, end: AttemptEnd = ANSWERED): Promise<void> {
    if (!request?.place) throw new Error(`${request?.name} has no place`);
    request.place.end(end);
    await settled();
  }
}
