// A worker thread that requests /livez repeatedly until it gets a message. It then posts the longest
// response time in milliseconds. The main thread is too busy to measure it.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** The pause between two requests. */
const PAUSE_MS = 10;

if (!parentPort) throw new TypeError('This script is a worker.');
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
