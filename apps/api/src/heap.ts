import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * The old generation is collected when it has grown by so many per cent; V8 alone waits for several
 * times that.
 */
const GROWING_PERCENT = 50;

/**
 * Keeps the heap small from now on, once what the start has left behind is collected (some 20 ms).
 * Earlier it would be collected again and again while the application is being put together.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  setFlagsFromString('--expose-gc');
  // How far it may grow is reckoned at the end of each collection, this one for a start.
  runInNewContext('gc()');
}
