// The thread of `AlarmClock`: sleeps until the clock is set, and again until it is to ring.
import { workerData } from 'node:worker_threads';
import { ASLEEP, type Dial, RUNG, SET, sharedNowMs } from './alarm-clock.ts';

const { atMs, counts } = workerData as Dial;
const leftMs = () => (atMs[0] ?? 0) - sharedNowMs();

for (let set = 0; ; set += 1) {
  Atomics.wait(counts, SET, set);
  // A sleep may end early.
  for (let left = leftMs(); left > 0; left = leftMs()) Atomics.wait(counts, ASLEEP, 0, left);
  Atomics.add(counts, RUNG, 1);
  Atomics.notify(counts, RUNG);
}
