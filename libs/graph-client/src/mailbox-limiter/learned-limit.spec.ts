import { describe, expect, it } from '@jest/globals';
import { ANSWERED, LimiterUnderTest, TestClock, UNANSWERED, throttled } from './limiter.fixture.ts';
import { FixedPermits } from './permits.ts';
import { Places } from './places.ts';

const OVER = throttled(undefined, true);
const MINUTE_MS = 60_000;

/** How many requests the limiter admits at a time now. They end again. */
async function limitOf(test: LimiterUnderTest): Promise<number> {
  const asked = await test.askAll(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  const admitted = asked.filter(({ place }) => place);
  for (const each of asked) each.abort();
  for (const each of admitted) await test.end(each);
  return admitted.length;
}

describe('the limit of a mailbox', () => {
  it('is one less after a 429 that names its concurrency, and one more after each quiet minute', async () => {
    const test = new LimiterUnderTest();
    const asked = await test.askAll(['1', '2', '3']);
    for (const each of asked.slice(0, 2)) await test.end(each, OVER);
    await test.end(asked[2]);
    expect([await limitOf(test), test.limiter.occupancy().loweredLimits]).toEqual([2, 1]);
    await test.clock.pass(MINUTE_MS - 1);
    expect(await limitOf(test)).toBe(2);
    await test.clock.pass(1);
    expect([await limitOf(test), test.limiter.occupancy().loweredLimits]).toEqual([3, 1]);
    await test.clock.pass(MINUTE_MS);
    expect([await limitOf(test), test.limiter.occupancy().loweredLimits]).toEqual([4, 0]);
    await test.clock.pass(10 * MINUTE_MS);
    expect(await limitOf(test)).toBe(4);
  });

  it('is at least one', async () => {
    const test = new LimiterUnderTest();
    for (let count = 0; count < 6; count += 1) await test.end(await test.ask('1'), OVER);
    expect(await limitOf(test)).toBe(1);
  });

  it('does not rise within a minute of another such 429', async () => {
    const test = new LimiterUnderTest();
    for (const each of await test.askAll(['1', '2', '3'])) await test.end(each, OVER);
    await test.clock.pass(MINUTE_MS - 1);
    await test.end(await test.ask('1'), OVER);
    await test.clock.pass(1);
    expect(await limitOf(test)).toBe(1);
  });

  it.each([
    ['a 429 that does not name it', throttled()],
    ['an answer', ANSWERED],
  ])('stays after %s', async (_title, end) => {
    const test = new LimiterUnderTest();
    await test.end(await test.ask('1'), end);
    expect(await limitOf(test)).toBe(4);
  });

  it('stays when more than four are in flight, lingering ones counted', async () => {
    const test = new LimiterUnderTest({ concurrency: 6, lingerMs: MINUTE_MS });
    const asked = await test.askAll(['1', '2', '3', '4', '5']);
    await test.end(asked[0], UNANSWERED);
    await test.end(asked[1], OVER);
    // Five were in flight when it was sent, though only four are now.
    await test.end(asked[4], OVER);
    for (const each of asked.slice(2, 4)) await test.end(each);
    expect(test.limiter.occupancy().loweredLimits).toBe(0);
    await test.clock.pass(MINUTE_MS);
    const four = await test.askAll(['1', '2', '3', '4']);
    await test.end(four[0], OVER);
    for (const each of four.slice(1)) await test.end(each);
    expect(await limitOf(test)).toBe(5);
  });

  it.each([
    ['stays when another process was taught an older one', -1, 1],
    ['is that of another process that was taught at the same time', 0, 2],
    ['is that of another process that was taught later', 1, 2],
  ])('%s', (_title, laterMs, limit) => {
    const places = new Places(
      { concurrency: 4, lingerMs: 0 },
      new TestClock(),
      new FixedPermits(4).of(),
      { paused: () => undefined, ended: () => undefined },
    );
    places.learn({ limit: 1, loweredAtMs: -30_000 });
    places.learn({ limit: 2, loweredAtMs: -30_000 + laterMs });
    expect(places.limit(0)).toBe(limit);
  });

  it('admits those who wait when it rises', async () => {
    const test = new LimiterUnderTest({ concurrency: 2 });
    const asked = await test.askAll(['1', '2', '3', '4']);
    await test.end(asked[0], OVER);
    expect(test.log).toEqual(['1', '2']);
    await test.clock.pass(MINUTE_MS);
    expect(test.log).toEqual(['1', '2', '3']);
  });
});
