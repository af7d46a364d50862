import { describe, expect, it } from '@jest/globals';
import { ServerClock } from './server-clock.ts';

/** The server's clock at the start, far from the elapsed time of the process. */
const SERVER_MS = 1_700_000_000_000;

interface Answer {
  /** After the start, when the server is asked. */
  readonly askedMs: number;
  readonly answeredMs: number;
  /** What the server's clock then shows, after its start. */
  readonly serverMs: number;
}

const answer = (askedMs: number, answeredMs: number, serverMs: number): Answer => ({
  askedMs,
  answeredMs,
  serverMs,
});

/** @returns since when the clock runs evenly, after the server's start; undefined if ever */
function evenSince(...answers: readonly Answer[]): number | undefined {
  let elapsedMs = 0;
  const clock = new ServerClock(() => elapsedMs);
  let last = 0;
  for (const { askedMs, answeredMs, serverMs } of answers) {
    elapsedMs = askedMs;
    const reading = clock.reading();
    elapsedMs = answeredMs;
    const time = reading(SERVER_MS + serverMs);
    expect(time).toMatchObject({ nowMs: SERVER_MS + serverMs, leasesSinceMs: time.evenSinceMs });
    last = time.evenSinceMs;
  }
  return last === 0 ? undefined : last - SERVER_MS;
}

describe("the server's clock", () => {
  it.each<[string, readonly Answer[], number | undefined]>([
    ['its first reading', [answer(0, 5, 3)], undefined],
    ['readings of an even clock', [answer(0, 5, 3), answer(90_000, 90_005, 90_003)], undefined],
    ['slow answers', [answer(0, 3000, 10), answer(5000, 8000, 7990)], undefined],
    ['a clock that is set right slowly', [answer(0, 5, 3), answer(9000, 9005, 9900)], undefined],
    ['a jump ahead', [answer(0, 5, 3), answer(1000, 1005, 121_003)], 121_003],
    ['a jump back', [answer(0, 5, 3), answer(1000, 1005, -3_600_000)], -3_600_000],
    [
      'an even clock after a jump',
      [answer(0, 5, 3), answer(1000, 1005, 121_003), answer(2000, 2005, 122_003)],
      121_003,
    ],
    [
      'a second jump',
      [answer(0, 5, 3), answer(1000, 1005, 121_003), answer(2000, 2005, 2003)],
      2003,
    ],
  ])('runs evenly since the last jump: %s', (_title, answers, sinceMs) => {
    expect(evenSince(...answers)).toBe(sinceMs);
  });
});
