import type { Fault } from '@bookings/graph-fake';
import { Random } from './random.ts';

/** Time until a list contains a stored customer. It is within the settling time. */
export const LIST_DELAY_MS = 200;

/** The proxy abandons an attempt after this time. */
export const ATTEMPT_TIMEOUT_MS = 700;

/** Graph may store a customer this long after the proxy has abandoned the attempt. */
export const STORED_LATE_MS = 150;

type Row = readonly [perThousand: number, fault: (random: Random) => Fault];

const error = (code: string) => ({ error: { code, message: code } });
const status = (value: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'status',
  status: value,
  body: error('fault'),
  headers,
});
const afterStored = (value: number): Fault => ({
  kind: 'answer-after-stored',
  status: value,
  ...(value >= 300 && { body: error('fault') }),
});
const delayed = (random: Random): Fault => ({ kind: 'delay', delayMs: random.below(250) });
/** Graph stores the customer after the proxy has abandoned the attempt. */
const tooLate = (random: Random): Fault => ({
  kind: 'delay',
  delayMs: ATTEMPT_TIMEOUT_MS + random.below(STORED_LATE_MS),
});
/** The retry delay is 0 or 1 second. */
const throttled = (random: Random): Fault =>
  status(429, { 'Retry-After': String(random.below(2)) });
/** Statuses that show that Graph did nothing. */
const REFUSALS: readonly number[] = [400, 403];

const CREATES: readonly Row[] = [
  [20, () => ({ kind: 'reset', when: 'before-stored' })],
  [20, () => ({ kind: 'reset', when: 'after-stored' })],
  [8, () => ({ kind: 'silence', when: 'before-stored' })],
  [8, () => ({ kind: 'silence', when: 'after-stored' })],
  [10, () => ({ kind: 'truncate' })],
  [1, () => ({ kind: 'endless' })],
  [15, (random) => afterStored([201, 408, 500, 503, 504][random.below(5)] ?? 500)],
  [15, (random) => status([408, 500, 503, 504][random.below(4)] ?? 500, { 'Retry-After': '1' })],
  [20, throttled],
  [8, (random) => status(REFUSALS[random.below(2)] ?? 400)],
  [30, delayed],
  [8, tooLate],
  [10, () => ({ kind: 'display-name-is-email' })],
];
const OTHERS: readonly Row[] = [
  [20, () => status(503)],
  [10, throttled],
  [15, () => ({ kind: 'reset', when: 'before-stored' })],
  [8, () => ({ kind: 'silence', when: 'before-stored' })],
  [10, () => ({ kind: 'truncate' })],
  [30, delayed],
];

/**
 * Chooses a fault for each request that reaches the fake. The n-th create gets the same fault in
 * every run with the same seed.
 */
export class RandomFaults {
  readonly #creates: Random;
  readonly #others: Random;
  #hasEnded = false;
  /** Number of faults so far. */
  count = 0;

  constructor(seed: number) {
    this.#creates = new Random(seed ^ 0x0c4ea7e5);
    this.#others = new Random(seed ^ 0x07be4500);
  }

  readonly faultFor = (method: string): Fault => {
    if (this.#hasEnded) return { kind: 'pass' };
    const [rows, random] = method === 'POST' ? [CREATES, this.#creates] : [OTHERS, this.#others];
    let draw = random.next() * 1000;
    // A separate generator, so that a fault does not influence the faults that follow.
    const own = new Random(random.below(2 ** 32));
    for (const [perThousand, fault] of rows) {
      draw -= perThousand;
      if (draw >= 0) continue;
      this.count += 1;
      return fault(own);
    }
    return { kind: 'pass' };
  };

  /** Handles every further request normally. */
  end(): void {
    this.#hasEnded = true;
  }
}
