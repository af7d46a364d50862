import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { ELAPSED_TIME } from '../mailbox-limiter/clock.ts';
import { withDeadline } from './deadline.ts';

let timer: jest.SpiedFunction<typeof setTimeout>;
beforeEach(() => {
  timer = jest.spyOn(globalThis, 'setTimeout');
});
afterEach(() => {
  timer.mockRestore();
});

// Node writes a warning for a negative time, and only once in a process.
const times = () => timer.mock.calls.map(([, ms]) => ms);

it('a deadline that has passed sets no timer in the past', async () => {
  const deadlineAtMs = performance.now() - 1000;
  const { signal } = new AbortController();
  const late = withDeadline({ signal, deadlineAtMs }, new Promise(() => undefined));
  await expect(late).rejects.toMatchObject({ status: 504 });
  expect(times()).toEqual([0]);
});

it('the clock sets no timer in the past', async () => {
  await new Promise<void>((resolve) => {
    ELAPSED_TIME.after(-1000, resolve);
  });
  expect(times()).toEqual([0]);
});
