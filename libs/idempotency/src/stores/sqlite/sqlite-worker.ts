// The thread that waits for the disk, so that the event loop need not. Loaded by itself, from the
// source by Node's own removal of types: nothing that it imports may need more than that.
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteFile } from './sqlite-file.ts';
import { type Batch, CLOSE, isOptions } from './sqlite-protocol.ts';

const given: unknown = workerData;
if (!isOptions(given)) throw new TypeError('the worker was started without its options');
const file = new SqliteFile(given);

parentPort?.on('message', (asked: Batch | typeof CLOSE) => {
  if (asked !== CLOSE) {
    parentPort?.postMessage(file.run(asked));
    return;
  }
  file.close();
  parentPort?.close();
});
