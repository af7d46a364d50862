import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Release, MailboxLimiter, type PlaceRequest } from './mailbox-limiter.ts';

// Whoever still waits at the end of a test is sent away, so that no timer outlives it.
let closing = new AbortController();
beforeEach(() => {
  closing = new AbortController();
});
afterEach(() => {
  closing.abort(new Error('the test is over'));
});

const patient = (caller = 'a', more: Partial<PlaceRequest> = {}): PlaceRequest => ({
  caller,
  deadlineAtMs: performance.now() + 60_000,
  signal: closing.signal,
  ...more,
});

/** As one sees it who does not care whether there was a place at once. */
async function enter(gate: MailboxLimiter, business: string, request = patient()): Promise<Release> {
  return gate.enter(business, request);
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Lets `count` requests of `caller` come and notes the order in which they get in. */
function arrive(gate: MailboxLimiter, log: string[], caller: string, count: number) {
  const leaves: Release[] = [];
  const shed: unknown[] = [];
  for (let index = 0; index < count; index += 1) {
    enter(gate, 'b@contoso.com', patient(caller)).then(
      (leave) => {
        log.push(`${caller}${index}`);
        leaves.push(leave);
      },
      (error: unknown) => shed.push(error),
    );
  }
  return { leaves, shed };
}

describe('MailboxLimiter', () => {
  it('lets four in at a time and the next as each leaves', async () => {
    const gate = new MailboxLimiter({ concurrency: 4, queueLimit: 64 });
    const log: string[] = [];
    const { leaves } = arrive(gate, log, 'a', 6);
    await settled();
    expect(log).toEqual(['a0', 'a1', 'a2', 'a3']);
    leaves[0]?.();
    leaves[0]?.();
    await settled();
    expect(log).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  });

  it('takes turns between callers, so that one request is not behind a hundred', async () => {
    const gate = new MailboxLimiter({ concurrency: 1, queueLimit: 200 });
    const log: string[] = [];
    const first = arrive(gate, log, 'a', 100);
    const second = arrive(gate, log, 'b', 2);
    await settled();
    for (let turn = 0; turn < 4; turn += 1) {
      (first.leaves.pop() ?? second.leaves.pop())?.();
      await settled();
    }
    expect(log).toEqual(['a0', 'a1', 'b0', 'a2', 'b1']);
  });

  it('sheds with 429 and Retry-After over the bound', async () => {
    const gate = new MailboxLimiter({ concurrency: 1, queueLimit: 2 });
    const { shed } = arrive(gate, [], 'a', 5);
    await settled();
    expect(shed).toHaveLength(2);
    expect(shed[0]).toMatchObject({
      code: 'TooManyRequests',
      status: 429,
      headers: { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) },
    });
  });

  it('sheds the newest of the longest line rather than a caller that asks for little', async () => {
    const gate = new MailboxLimiter({ concurrency: 1, queueLimit: 3 });
    const log: string[] = [];
    const greedy = arrive(gate, log, 'a', 10);
    const modest = arrive(gate, log, 'b', 1);
    await settled();
    expect([greedy.shed.length, modest.shed.length]).toEqual([7, 0]);
    greedy.leaves[0]?.();
    await settled();
    greedy.leaves[1]?.();
    await settled();
    expect(log).toContain('b0');
  });

  it('counts mailboxes without regard to case, and each by itself', async () => {
    const gate = new MailboxLimiter({ concurrency: 1, queueLimit: 0 });
    await enter(gate, 'B@contoso.com');
    await expect(enter(gate, 'b@Contoso.com')).rejects.toMatchObject({ status: 429 });
    await expect(enter(gate, 'c@contoso.com')).resolves.toBeInstanceOf(Function);
    // What only looks alike is another mailbox, or none.
    await enter(gate, 'kiosk@contoso.com');
    await expect(enter(gate, '\u212aiosk@contoso.com')).resolves.toBeInstanceOf(Function);
  });

  it('ends the wait with 504, not sent, when the deadline passes', async () => {
    const gate = new MailboxLimiter({ concurrency: 1, queueLimit: 4 });
    await enter(gate, 'b');
    const late = patient('a', { deadlineAtMs: performance.now() + 5 });
    await expect(enter(gate, 'b', late)).rejects.toMatchObject({
      status: 504,
      outcome: 'not-sent',
    });
  });

  it('forgets a waiter whose caller left, and goes on with the next', async () => {
    const gate = new MailboxLimiter({ concurrency: 1, queueLimit: 4 });
    const leave = await enter(gate, 'b');
    const caller = new AbortController();
    const gone = enter(gate, 'b', patient('a', { signal: caller.signal }));
    const next = enter(gate, 'b');
    caller.abort(new Error('the caller left'));
    await expect(gone).rejects.toThrow('the caller left');
    leave();
    await expect(next).resolves.toBeInstanceOf(Function);
  });

  it('keeps its bounds whatever comes and goes', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('arrive' as const), caller: fc.constantFrom('a', 'b', 'c') }),
        fc.record({ kind: fc.constant('leave' as const), caller: fc.constant('') }),
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const gate = new MailboxLimiter({ concurrency: 2, queueLimit: 3 });
        const inside: Release[] = [];
        let arrived = 0;
        let finished = 0;
        let shed = 0;
        for (const { kind, caller } of script) {
          const leave = kind === 'leave' ? inside.shift() : undefined;
          if (leave) {
            leave();
            finished += 1;
          } else if (kind === 'arrive') {
            arrived += 1;
            enter(gate, 'b', patient(caller)).then(
              (given) => inside.push(given),
              () => (shed += 1),
            );
          }
          await settled();
          expect(inside.length).toBeLessThanOrEqual(2);
          const waiting = arrived - finished - shed - inside.length;
          expect(waiting).toBeLessThanOrEqual(3);
          // Nobody waits while there is room.
          if (waiting > 0) expect(inside.length).toBe(2);
        }
        while (inside.length > 0) {
          inside.shift()?.();
          finished += 1;
          await settled();
        }
        expect(finished + shed).toBe(arrived);
      }),
      { numRuns: 60 },
    );
  });
});
