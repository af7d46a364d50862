import type { Fault } from '@bookings/graph-fake';
import { Random } from './random.ts';

/** How long after it was stored a list shows a customer: within the settling time. */
export const LIST_DELAY_MS = 200;

/** After so long the proxy gives an attempt up. */
export const ATTEMPT_TIMEOUT_MS = 700;

/** How long after that a customer may still be stored: within the settling time too. */
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
const later = (random: Random): Fault => ({ kind: 'delay', delayMs: random.below(250) });
/** Stored when the proxy has given the attempt up, and listed within the settling time all the same. */
const tooLate = (random: Random): Fault => ({
  kind: 'delay',
  delayMs: ATTEMPT_TIMEOUT_MS + random.below(STORED_LATE_MS),
});
/** 0 to 1 second. */
const throttled = (random: Random): Fault =>
  status(429, { 'Retry-After': String(random.below(2)) });
/** The whole request was read, and nothing of it was done. */
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
  [30, later],
  [8, tooLate],
  [10, () => ({ kind: 'display-name-is-email' })],
];
const OTHERS: readonly Row[] = [
  [20, () => status(503)],
  [10, throttled],
  [15, () => ({ kind: 'reset', when: 'before-stored' })],
  [8, () => ({ kind: 'silence', when: 'before-stored' })],
  [10, () => ({ kind: 'truncate' })],
  [30, later],
];

/**
 * What becomes of the requests that reach the fake: of the first create the same for every seed, of
 * the second, and so on, whoever sends them.
 */
export class FaultWeather {
  readonly #creates: Random;
  readonly #others: Random;
  #isOver = false;
  /** How many faults there were. */
  faults = 0;

  constructor(seed: number) {
    this.#creates = new Random(seed ^ 0x0c4ea7e5);
    this.#others = new Random(seed ^ 0x07be4500);
  }

  readonly faultFor = (method: string): Fault => {
    if (this.#isOver) return { kind: 'pass' };
    const [rows, random] = method === 'POST' ? [CREATES, this.#creates] : [OTHERS, this.#others];
    let draw = random.next() * 1000;
    // Of its own: how many numbers a fault takes must not change what comes after it.
    const own = new Random(random.below(2 ** 32));
    for (const [perThousand, fault] of rows) {
      draw -= perThousand;
      if (draw >= 0) continue;
      this.faults += 1;
      return fault(own);
    }
    return { kind: 'pass' };
  };

  /** From now on every request is handled as usual. */
  clear(): void {
    this.#isOver = true;
  }
}
