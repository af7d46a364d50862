// A thread that reports when a request is due. Unlike a timer, it can sleep for less than 1 ms.
import { parentPort, workerData } from 'node:worker_threads';

const { intervalMs, count } = workerData as { intervalMs: number; count: number };
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const asleep = new Int32Array(new SharedArrayBuffer(4));
const beginMs = nowMs();
for (let index = 0; index < count; index += 1) {
  const dueMs = beginMs + index * intervalMs;
  while (nowMs() < dueMs) Atomics.wait(asleep, 0, 0, Math.max(0, dueMs - nowMs()));
  parentPort?.postMessage(dueMs);
}
