import { expect, it } from '@jest/globals';
import { Moment } from './moment.ts';

it.each([
  ['both clocks go on', 50, 50, 50],
  ['the machine has slept', 50, 3_600_050, 3_600_050],
  ['the wall clock was set back', 50, -3_599_950, 50],
])('knows how long ago it was at most when %s', (_title, elapsedMs, wallMs, mostAgoMs) => {
  const now = { elapsedMs: 1000, wallMs: 1_700_000_000_000 };
  const moment = new Moment({ elapsedMs: () => now.elapsedMs, wallMs: () => now.wallMs });
  now.elapsedMs += elapsedMs;
  now.wallMs += wallMs;
  expect(moment.mostAgoMs()).toBe(mostAgoMs);
  expect(moment.elapsedMs).toBe(1000);
});
