import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { GraphFake } from '@bookings/graph-fake';
import { serve } from './production-process.ts';

const OURS = /^--m(ax|in)-semi-space-size=/;

let fake: GraphFake;
beforeAll(async () => {
  fake = await GraphFake.start();
});
afterAll(async () => {
  await fake.close();
});

/** What the kernel says a process was begun with, or begun again. */
function begun(pid: number | undefined, what: 'cmdline' | 'environ'): readonly string[] {
  return readFileSync(`/proc/${pid ?? 'none'}/${what}`, 'utf8').split('\0');
}

it('begins again with a size for the young generation and one arena, as the same process', async () => {
  const { child } = await serve(fake);
  const flags = begun(child.pid, 'cmdline').filter((arg) => OURS.test(arg));
  expect(flags).toEqual(['--max-semi-space-size=16', '--min-semi-space-size=6']);
  expect(begun(child.pid, 'environ')).toContain('MALLOC_ARENA_MAX=1');
});

it('leaves the young generation to NODE_OPTIONS', async () => {
  const { child } = await serve(fake, { NODE_OPTIONS: '--max-semi-space-size=32' });
  expect(begun(child.pid, 'cmdline').filter((arg) => OURS.test(arg))).toEqual([]);
});

it('leaves the arenas to who has set them', async () => {
  const { child } = await serve(fake, { MALLOC_ARENA_MAX: '3' });
  expect(begun(child.pid, 'environ')).toContain('MALLOC_ARENA_MAX=3');
});
