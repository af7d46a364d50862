// A thread of its own, which nothing else keeps busy: asks for /livez again and again until it is
// told to end, and answers with the longest that an answer took, in milliseconds.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** Between two questions. */
const PAUSE_MS = 10;

if (!parentPort) throw new TypeError('this is a worker');
const ended = new AbortController();
parentPort.once('message', () => {
  ended.abort();
});
let slowestMs = 0;
while (!ended.signal.aborted) {
  const beganMs = performance.now();
  await (await fetch(`${String(workerData)}/livez`)).text();
  slowestMs = Math.max(slowestMs, performance.now() - beganMs);
  await sleep(PAUSE_MS);
}
parentPort.postMessage(slowestMs);
