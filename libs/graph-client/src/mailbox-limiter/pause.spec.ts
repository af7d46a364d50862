import { describe, expect, it } from '@jest/globals';
import { ANSWERED, LimiterUnderTest, NOT_SENT, UNANSWERED, throttled } from './limiter.fixture.ts';

/** A limiter with four attempts in flight and others that wait. */
async function busy(waiting: readonly string[] = ['5', '6', '7']) {
  const test = new LimiterUnderTest();
  const asked = await test.askAll(['1', '2', '3', '4', ...waiting]);
  test.log.length = 0;
  return { test, asked };
}

describe('a pause of Graph', () => {
  it('admits no request until it ends, then one, and the others when that one is answered', async () => {
    const { test, asked } = await busy();
    await test.end(asked[0], throttled(10_000));
    for (const each of asked.slice(1, 4)) await test.end(each);
    await test.ask('8');
    expect(test.limiter.occupancy()).toMatchObject({ placesInUse: 0, waiting: 4 });
    await test.clock.pass(9999);
    expect(test.log).toEqual([]);
    await test.clock.pass(1);
    expect(test.log).toEqual(['5']);
    await test.clock.pass(1000);
    expect(test.log).toEqual(['5']);
    await test.end(asked[4]);
    expect(test.log).toEqual(['5', '6', '7', '8']);
  });

  it('begins again when the first request after it is throttled', async () => {
    const { test, asked } = await busy();
    await test.end(asked[0], throttled(1000));
    for (const each of asked.slice(1, 4)) await test.end(each);
    await test.clock.pass(1000);
    await test.end(asked[4], throttled(2000));
    await test.clock.pass(1999);
    expect(test.log).toEqual(['5']);
    await test.clock.pass(1);
    expect(test.log).toEqual(['5', '6']);
    expect(test.events.filter((event) => event === 'paused')).toHaveLength(2);
  });

  it('becomes longer, and never shorter, by other attempts that were in flight', async () => {
    const { test, asked } = await busy();
    await test.end(asked[0], throttled(1000));
    await test.end(asked[1], throttled(3000));
    await test.end(asked[2], throttled(500));
    await test.end(asked[3], ANSWERED);
    await test.clock.pass(2999);
    expect(test.log).toEqual([]);
    await test.clock.pass(1);
    expect(test.log).toEqual(['5']);
    expect(test.events.filter((event) => event === 'paused')).toHaveLength(1);
  });

  it('is at most a minute', async () => {
    const { test, asked } = await busy();
    for (const each of asked.slice(0, 4)) await test.end(each, throttled(3_600_000));
    await test.clock.pass(60_000);
    expect(test.log).toEqual(['5']);
  });

  it('is none without Retry-After', async () => {
    const { test, asked } = await busy();
    await test.end(asked[0], throttled());
    expect(test.log).toEqual(['5']);
  });

  it('answers at once with 429 and the time that is left to those that cannot make their deadline', async () => {
    const { test, asked } = await busy(['5']);
    const late = await test.ask('late', { deadlineMs: 6000 });
    const inTime = await test.ask('in time', { deadlineMs: 6001 });
    await test.end(asked[0], throttled(6001));
    expect(late.error).toMatchObject({ status: 429, headers: { 'Retry-After': '7' } });
    await test.clock.pass(2000);
    const later = await test.ask('later', { deadlineMs: 4000 });
    expect(later.error).toMatchObject({ status: 429, headers: { 'Retry-After': '5' } });
    expect(inTime.error).toBeUndefined();
    expect(test.events.filter((event) => event === 'refused paused')).toHaveLength(2);
  });

  it('keeps the place of a waiter in the queue of its caller', async () => {
    const test = new LimiterUnderTest({ concurrency: 1 });
    const first = await test.ask('a0', { caller: 'a' });
    await test.askAll(['a1', 'a2'], { caller: 'a' });
    await test.ask('b0', { caller: 'b' });
    await test.end(first, throttled(1000));
    const repeat = await test.ask('a0 again', { caller: 'a', isRepeat: true });
    await test.clock.pass(1000);
    await test.end(repeat);
    expect(test.log).toEqual(['a0', 'a0 again', 'b0']);
  });

  it('takes back a place that was given before it and not used', async () => {
    const { test, asked } = await busy();
    await test.end(asked[0], throttled(1000));
    expect(asked[1]?.place?.mayBegin()).toBe(false);
    await test.clock.pass(1000);
    // The first after the pause is in flight.
    expect([asked[1]?.place?.mayBegin(), asked[4]?.place?.mayBegin()]).toEqual([false, true]);
    for (const each of asked.slice(1, 4)) await test.end(each, NOT_SENT);
    expect(test.log).toEqual(['5']);
    await test.end(asked[4]);
    expect(asked[5]?.place?.mayBegin()).toBe(true);
  });

  it.each([
    ['was not sent', NOT_SENT, ['6']],
    ['got no answer', UNANSWERED, ['6', '7']],
    ['was throttled without Retry-After', throttled(), ['6', '7']],
  ])('ends for one more or for all when the first request %s', async (_title, end, expected) => {
    const { test, asked } = await busy();
    await test.end(asked[0], throttled(1000));
    for (const each of asked.slice(1, 4)) await test.end(each);
    await test.clock.pass(1000);
    await test.end(asked[4], end);
    expect(test.log).toEqual(['5', ...expected]);
  });

  it('ends although a request from before it is still in flight, and does not end by its answer', async () => {
    const { test, asked } = await busy();
    await test.end(asked[0], throttled(1000));
    await test.end(asked[1]);
    expect(test.log).toEqual([]);
    await test.clock.pass(1000);
    await test.end(asked[2]);
    expect(test.log).toEqual(['5']);
  });

  it('outlives the last request of the mailbox', async () => {
    const test = new LimiterUnderTest();
    await test.end(await test.ask('1'), throttled(1000));
    await test.ask('2');
    expect(test.log).toEqual(['1']);
    await test.clock.pass(1000);
    expect(test.log).toEqual(['1', '2']);
  });

  it.each([1, 2, 3, 5, 10, 20, 50])(
    'ends although its timer is %i looks at the clock too early',
    async (looks) => {
      const { test, asked } = await busy();
      test.clock.creepMs = 0.001;
      test.clock.earlyMs = looks * test.clock.creepMs;
      await test.end(asked[0], throttled(1000));
      for (const each of asked.slice(1, 4)) await test.end(each);
      await test.clock.pass(1001);
      expect(test.log).toEqual(['5']);
    },
  );
});
