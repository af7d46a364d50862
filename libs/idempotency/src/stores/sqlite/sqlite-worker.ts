// Runs SQLite in a thread, so that the event loop does not wait for the disk. In development Node
// loads this file by stripping types, so its imports must not need any other transformation.
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteFile } from './sqlite-file.ts';
import { type Batch, CLOSE, isOptions } from './sqlite-protocol.ts';

const options: unknown = workerData;
if (!isOptions(options)) throw new TypeError('the worker was started without its options');
const file = new SqliteFile(options);

parentPort?.on('message', (message: Batch | typeof CLOSE) => {
  if (message !== CLOSE) {
    parentPort?.postMessage(file.run(message));
    return;
  }
  file.close();
  parentPort?.close();
});
