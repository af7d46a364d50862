import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LimiterRequest, MailboxLimiter, type Release } from './mailbox-limiter.ts';

// Ends the remaining waits after each test, so that no timer outlives it.
let testEnd = new AbortController();
beforeEach(() => {
  testEnd = new AbortController();
});
afterEach(() => {
  testEnd.abort(new Error('the test is over'));
});

const limiterRequest = (caller = 'a', more: Partial<LimiterRequest> = {}): LimiterRequest => ({
  caller,
  deadlineAtMs: performance.now() + 60_000,
  signal: testEnd.signal,
  ...more,
});

function acquire(
  limiter: MailboxLimiter,
  business: string,
  request = limiterRequest(),
): Promise<Release> {
  return limiter.acquire(business, request);
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Sends `count` requests of `caller` and logs the order in which they are granted. */
function sendRequests(limiter: MailboxLimiter, log: string[], caller: string, count: number) {
  const releases: Release[] = [];
  const rejected: unknown[] = [];
  for (let index = 0; index < count; index += 1) {
    acquire(limiter, 'b@contoso.com', limiterRequest(caller)).then(
      (release) => {
        log.push(`${caller}${index}`);
        releases.push(release);
      },
      (error: unknown) => rejected.push(error),
    );
  }
  return { releases, rejected };
}

describe('MailboxLimiter', () => {
  it('grants four at a time and the next on each release', async () => {
    const limiter = new MailboxLimiter({ concurrency: 4, queueLimit: 64 });
    const log: string[] = [];
    const { releases } = sendRequests(limiter, log, 'a', 6);
    await settled();
    expect(log).toEqual(['a0', 'a1', 'a2', 'a3']);
    releases[0]?.();
    releases[0]?.();
    await settled();
    expect(log).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  });

  it('lets callers take turns', async () => {
    const limiter = new MailboxLimiter({ concurrency: 1, queueLimit: 200 });
    const log: string[] = [];
    const first = sendRequests(limiter, log, 'a', 100);
    const second = sendRequests(limiter, log, 'b', 2);
    await settled();
    for (let turn = 0; turn < 4; turn += 1) {
      (first.releases.pop() ?? second.releases.pop())?.();
      await settled();
    }
    expect(log).toEqual(['a0', 'a1', 'b0', 'a2', 'b1']);
  });

  it('rejects with 429 and Retry-After over the queue limit', async () => {
    const limiter = new MailboxLimiter({ concurrency: 1, queueLimit: 2 });
    const { rejected } = sendRequests(limiter, [], 'a', 5);
    await settled();
    expect(rejected).toHaveLength(2);
    expect(rejected[0]).toMatchObject({
      code: 'TooManyRequests',
      status: 429,
      headers: { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) },
    });
  });

  it('rejects the newest waiter of the longest queue instead of a caller with few', async () => {
    const limiter = new MailboxLimiter({ concurrency: 1, queueLimit: 3 });
    const log: string[] = [];
    const greedy = sendRequests(limiter, log, 'a', 10);
    const modest = sendRequests(limiter, log, 'b', 1);
    await settled();
    expect([greedy.rejected.length, modest.rejected.length]).toEqual([7, 0]);
    greedy.releases[0]?.();
    await settled();
    greedy.releases[1]?.();
    await settled();
    expect(log).toContain('b0');
  });

  it('limits each mailbox separately and ignores the letter case', async () => {
    const limiter = new MailboxLimiter({ concurrency: 1, queueLimit: 0 });
    await acquire(limiter, 'B@contoso.com');
    await expect(acquire(limiter, 'b@Contoso.com')).rejects.toMatchObject({ status: 429 });
    await expect(acquire(limiter, 'c@contoso.com')).resolves.toBeInstanceOf(Function);
    // A look-alike letter belongs to another mailbox.
    await acquire(limiter, 'kiosk@contoso.com');
    await expect(acquire(limiter, '\u212aiosk@contoso.com')).resolves.toBeInstanceOf(Function);
  });

  it('rejects with 504, not sent, when the deadline passes', async () => {
    const limiter = new MailboxLimiter({ concurrency: 1, queueLimit: 4 });
    await acquire(limiter, 'b');
    const late = limiterRequest('a', { deadlineAtMs: performance.now() + 5 });
    await expect(acquire(limiter, 'b', late)).rejects.toMatchObject({
      status: 504,
      outcome: 'not-sent',
    });
  });

  it('removes a waiter whose client disconnects and grants the next', async () => {
    const limiter = new MailboxLimiter({ concurrency: 1, queueLimit: 4 });
    const release = await acquire(limiter, 'b');
    const caller = new AbortController();
    const gone = acquire(limiter, 'b', limiterRequest('a', { signal: caller.signal }));
    const next = acquire(limiter, 'b');
    caller.abort(new Error('the client disconnected'));
    await expect(gone).rejects.toThrow('the client disconnected');
    release();
    await expect(next).resolves.toBeInstanceOf(Function);
  });

  it('refuses a request whose client has already disconnected, and evicts no waiter for it', async () => {
    const limiter = new MailboxLimiter({ concurrency: 1, queueLimit: 1 });
    const release = await acquire(limiter, 'b');
    const next = acquire(limiter, 'b');
    const signal = AbortSignal.abort(new Error('the client disconnected'));
    const gone = acquire(limiter, 'b', limiterRequest('a', { signal }));
    await expect(gone).rejects.toThrow('the client disconnected');
    release();
    await expect(next).resolves.toBeInstanceOf(Function);
  });

  it('keeps its limits for any sequence of requests and releases', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant('request' as const),
          caller: fc.constantFrom('a', 'b', 'c'),
        }),
        fc.record({ kind: fc.constant('release' as const), caller: fc.constant('') }),
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const limiter = new MailboxLimiter({ concurrency: 2, queueLimit: 3 });
        const active: Release[] = [];
        let requested = 0;
        let finished = 0;
        let rejected = 0;
        for (const { kind, caller } of script) {
          const release = kind === 'release' ? active.shift() : undefined;
          if (release) {
            release();
            finished += 1;
          } else if (kind === 'request') {
            requested += 1;
            acquire(limiter, 'b', limiterRequest(caller)).then(
              (granted) => active.push(granted),
              () => (rejected += 1),
            );
          }
          await settled();
          expect(active.length).toBeLessThanOrEqual(2);
          const waiting = requested - finished - rejected - active.length;
          expect(waiting).toBeLessThanOrEqual(3);
          // A request waits only while all places are taken.
          if (waiting > 0) expect(active.length).toBe(2);
        }
        while (active.length > 0) {
          active.shift()?.();
          finished += 1;
          await settled();
        }
        expect(finished + rejected).toBe(requested);
      }),
      { numRuns: 60 },
    );
  });
});
