import { describe, expect, it } from '@jest/globals';
import { LimiterUnderTest, NOT_SENT, UNANSWERED } from './limiter.fixture.ts';

describe('MailboxLimiter', () => {
  it('grants four at a time and the next on each end, once', async () => {
    const test = new LimiterUnderTest();
    const [first] = await test.askAll(['1', '2', '3', '4', '5', '6']);
    expect(test.log).toEqual(['1', '2', '3', '4']);
    await test.end(first);
    await test.end(first);
    expect(test.log).toEqual(['1', '2', '3', '4', '5']);
  });

  it('lets callers take turns', async () => {
    const test = new LimiterUnderTest({ concurrency: 1 });
    const many = await test.askAll(['a0', 'a1', 'a2', 'a3'], { caller: 'a' });
    const few = await test.askAll(['b0', 'b1'], { caller: 'b' });
    for (const name of ['a0', 'a1', 'b0', 'a2', 'b1']) {
      await test.end([...many, ...few].find((each) => each.name === name));
    }
    expect(test.log).toEqual(['a0', 'a1', 'b0', 'a2', 'b1', 'a3']);
  });

  it('rejects with 429 and Retry-After over the queue limit', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, queueLimit: 2 });
    const asked = await test.askAll(['1', '2', '3', '4', '5']);
    expect(asked.map(({ error }) => error !== undefined)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(asked[3]?.error).toMatchObject({
      code: 'TooManyRequests',
      status: 429,
      headers: { 'Retry-After': '1' },
    });
    expect(test.events).toEqual(['admitted 0', 'refused queue-full', 'refused queue-full']);
  });

  it('rejects the newest waiter of the longest queue instead of a caller with few', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, queueLimit: 3 });
    const greedy = await test.askAll(['a0', 'a1', 'a2', 'a3'], { caller: 'a' });
    const modest = await test.ask('b0', { caller: 'b' });
    expect(greedy.map(({ error }) => error !== undefined)).toEqual([false, false, false, true]);
    await test.end(greedy[0]);
    await test.end(greedy[1]);
    expect([modest.error, test.log]).toEqual([undefined, ['a0', 'a1', 'b0']]);
  });

  it('lets a repeat go before the other requests of its caller, also over the queue limit', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, queueLimit: 1 });
    const [first] = await test.askAll(['1', '2']);
    const repeat = await test.ask('repeat', { isRepeat: true });
    await test.end(first);
    await test.end(repeat);
    expect(test.log).toEqual(['1', 'repeat', '2']);
  });

  it('limits each mailbox separately and ignores the letter case', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, queueLimit: 0 });
    const inBusiness = (business: string) => test.ask(business, { business });
    await inBusiness('B@contoso.com');
    expect((await inBusiness('b@Contoso.com')).error).toMatchObject({ status: 429 });
    // A look-alike letter belongs to another mailbox.
    const others = ['c@contoso.com', 'kiosk@contoso.com', '\u212aiosk@contoso.com'];
    for (const each of others) expect((await inBusiness(each)).place).toBeDefined();
  });

  it('rejects with 504, not sent, when the deadline passes', async () => {
    const test = new LimiterUnderTest({ concurrency: 1 });
    await test.ask('1');
    const late = await test.ask('2', { deadlineMs: 20 });
    await test.clock.pass(19);
    expect(late.error).toBeUndefined();
    await test.clock.pass(1);
    expect(late.error).toMatchObject({ status: 504, outcome: 'not-sent' });
    expect(test.limiter.occupancy()).toMatchObject({ waiting: 0 });
  });

  it('removes a waiter whose client disconnects and grants the next', async () => {
    const test = new LimiterUnderTest({ concurrency: 1 });
    const [first, gone] = await test.askAll(['1', '2', '3']);
    gone?.abort();
    await test.end(first);
    expect(gone?.error).toMatchObject({ message: 'the client disconnected' });
    expect(test.log).toEqual(['1', '3']);
  });

  it('refuses a request whose client has already disconnected, and evicts no waiter for it', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, queueLimit: 1 });
    const [first, next] = await test.askAll(['1', '2']);
    const signal = AbortSignal.abort(new Error('the client disconnected'));
    const times = { deadlineAtMs: 1000, lastStartAtMs: 1000 };
    const gone = test.limiter.acquire('b@contoso.com', {
      caller: 'c',
      isRepeat: false,
      signal,
      ...times,
    });
    await expect(gone).rejects.toThrow('the client disconnected');
    await test.end(first);
    expect(next?.place).toBeDefined();
  });
});

describe('a place', () => {
  it('stays taken for the linger after an attempt without an answer', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, lingerMs: 5000 });
    const [first] = await test.askAll(['1', '2']);
    await test.end(first, UNANSWERED);
    expect(test.limiter.occupancy()).toMatchObject({ placesInUse: 1, waiting: 1 });
    await test.clock.pass(4999);
    expect(test.log).toEqual(['1']);
    await test.clock.pass(1);
    expect(test.log).toEqual(['1', '2']);
  });

  it('is free again at once when nothing was sent, or without a linger', async () => {
    for (const [lingerMs, end] of [
      [5000, NOT_SENT],
      [0, UNANSWERED],
    ] as const) {
      const test = new LimiterUnderTest({ concurrency: 1, lingerMs });
      const [first] = await test.askAll(['1', '2']);
      await test.end(first, end);
      expect(test.log).toEqual(['1', '2']);
    }
  });
});

describe('a mailbox', () => {
  it('is forgotten when it is idle and a thousand others came, and not while it is in use', async () => {
    const test = new LimiterUnderTest({ concurrency: 1, queueLimit: 0 });
    const busy = await test.ask('busy', { business: 'busy@contoso.com' });
    for (let count = 0; count < 3000; count += 1) {
      const business = `${count}@contoso.com`;
      await test.end(await test.ask(business, { business }));
    }
    expect((await test.ask('next', { business: 'busy@contoso.com' })).error).toBeDefined();
    await test.end(busy);
    expect((await test.ask('next', { business: 'busy@contoso.com' })).place).toBeDefined();
  });
});
