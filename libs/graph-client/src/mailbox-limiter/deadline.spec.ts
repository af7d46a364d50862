import { describe, expect, it } from '@jest/globals';
import { ANSWERED, LimiterUnderTest, UNANSWERED, throttled } from './limiter.fixture.ts';

/** A limiter that has measured how long requests hold their places. */
async function measured(holdMs: number, concurrency = 4): Promise<LimiterUnderTest> {
  const test = new LimiterUnderTest({ concurrency });
  const first = await test.ask('measured');
  await test.clock.pass(holdMs);
  await test.end(first);
  test.log.length = 0;
  test.events.length = 0;
  return test;
}

const isRefused = ({ error }: { error: unknown }) => error !== undefined;

describe('a request that cannot make its deadline', () => {
  it('is refused at once, with the time until it would have got a place', async () => {
    const test = await measured(1000);
    const asked = await test.askAll(
      Array.from({ length: 30 }, (_none, index) => String(index)),
      { deadlineMs: 4500 },
    );
    // Four begin in each second, and the last must begin a second before the deadline.
    expect(asked.map(isRefused)).toEqual(asked.map((_each, index) => index >= 16));
    for (const { error } of asked.slice(16)) {
      expect(error).toMatchObject({ status: 429, headers: { 'Retry-After': '4' } });
    }
    expect(test.events.filter((event) => event === 'refused deadline')).toHaveLength(14);
  });

  it('is refused by what is ahead of it for its own caller', async () => {
    const test = await measured(1000, 1);
    await test.askAll(['a0', 'a1', 'a2', 'a3', 'a4'], { caller: 'a' });
    const other = await test.ask('b0', { caller: 'b', deadlineMs: 4000 });
    const same = await test.ask('a5', { caller: 'a', deadlineMs: 4000 });
    expect([other, same].map(isRefused)).toEqual([false, true]);
  });

  it('is refused while all places linger', async () => {
    const test = await measured(10, 1);
    await test.end(await test.ask('lost'), UNANSWERED);
    expect((await test.ask('1', { deadlineMs: 4000 })).error).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '5' },
    });
    expect((await test.ask('2', { deadlineMs: 6000 })).error).toBeUndefined();
  });

  it('is refused when an attempt gets no answer and its place lingers', async () => {
    const test = new LimiterUnderTest({ concurrency: 1 });
    const [first, waiting] = await test.askAll(['1', '2'], { deadlineMs: 4000 });
    await test.clock.pass(10);
    await test.end(first, UNANSWERED);
    expect(waiting?.error).toMatchObject({ status: 429, headers: { 'Retry-After': '5' } });
  });

  it('is refused when the requests ahead turn out to take longer', async () => {
    const test = new LimiterUnderTest({ concurrency: 1 });
    const [first, ...others] = await test.askAll(['1', '2', '3', '4', '5'], { deadlineMs: 10_000 });
    expect(others.some(isRefused)).toBe(false);
    await test.clock.pass(3000);
    await test.end(first);
    expect(others.map(isRefused)).toEqual([false, false, true, true]);
  });

  it('is not refused while a place is free', async () => {
    const test = await measured(60_000);
    const asked = await test.askAll(['1', '2', '3', '4'], { deadlineMs: 10 });
    expect(test.log).toEqual(['1', '2', '3', '4']);
    expect(asked.some(isRefused)).toBe(false);
  });

  it('gets a place that becomes free although its time may not be enough', async () => {
    const test = await measured(1000, 1);
    const first = await test.ask('1');
    const second = await test.ask('2', { deadlineMs: 2500 });
    await test.clock.pass(2400);
    await test.end(first);
    expect([second.error, test.log]).toEqual([undefined, ['1', '2']]);
  });

  it('is not refused by the time of attempts without an answer, or with 429', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, lingerMs: 0 });
    for (const end of [UNANSWERED, throttled()]) {
      const slow = await test.ask('slow');
      await test.clock.pass(10_000);
      await test.end(slow, end);
    }
    await test.askAll(['1', '2', '3']);
    expect((await test.ask('4', { deadlineMs: 100 })).error).toBeUndefined();
  });

  it('is not refused by a measurement that is older than a minute', async () => {
    const test = await measured(10_000, 1);
    await test.clock.pass(60_001);
    await test.ask('1');
    expect((await test.ask('2', { deadlineMs: 100 })).error).toBeUndefined();
  });

  it('is refused by what waits for the first request after a pause', async () => {
    const test = await measured(1000);
    const [first] = await test.askAll(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    await test.end(first, throttled(2000));
    // One begins after 2 s, four after 3 s, and the last of the six that wait after 4 s.
    const ask = (deadlineMs: number) => test.ask('late', { deadlineMs });
    expect((await ask(4900)).error).toMatchObject({ headers: { 'Retry-After': '4' } });
    expect((await ask(5100)).error).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it('is near the time after which the queue has served those ahead', async () => {
    for (const holdMs of [50, 300, 2000]) {
      const test = await measured(holdMs);
      const names = Array.from({ length: 68 }, (_none, index) => String(index));
      const asked = await test.askAll(names);
      const { error } = await test.ask('one too many');
      const { headers } = error as { headers: Record<string, string> };
      const waiting = new Set(asked);
      let waitedMs = 0;
      while ([...waiting].some(({ place }) => !place)) {
        await test.clock.pass(holdMs);
        waitedMs += holdMs;
        for (const each of [...waiting].filter(({ place }) => place)) {
          waiting.delete(each);
          await test.end(each, ANSWERED);
        }
      }
      // The last four have just begun.
      const trueMs = waitedMs + holdMs;
      const saidMs = Number(headers['Retry-After']) * 1000;
      expect(Math.abs(saidMs - trueMs)).toBeLessThanOrEqual(Math.max(1000, 0.2 * trueMs));
    }
  });
});
