import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AlarmClock } from '../bench/alarm-clock.ts';

/** Of two clocks that count nanoseconds, as milliseconds with a fraction. */
const ROUNDED_MS = 0.001;

describe('the alarm clock of the generator', () => {
  let clock: AlarmClock;
  beforeEach(async () => {
    clock = await AlarmClock.start();
  });
  afterEach(() => clock.stop());

  it('never rings before its time, also for parts of a millisecond', async () => {
    const early: number[] = [];
    for (let index = 0; index < 500; index += 1) {
      const timeMs = performance.now() + index / 250;
      await clock.ringsAt(timeMs);
      if (performance.now() < timeMs - ROUNDED_MS) early.push(timeMs);
    }
    expect(early).toEqual([]);
  });

  it('rings at once when the time is over', async () => {
    for (let index = 0; index < 500; index += 1) await clock.ringsAt(performance.now() - index);
  });

  it('lets other work go on while it waits', async () => {
    let worked = 0;
    const work = setInterval(() => (worked += 1), 1);
    await clock.ringsAt(performance.now() + 100);
    clearInterval(work);
    expect(worked).toBeGreaterThan(1);
  });
});
