import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * The old generation is collected when it has grown by so many per cent; V8 alone waits for several
 * times that.
 */
const GROWING_PERCENT = 20;

/** For how many collections of the old generation V8 keeps the shape of objects of which there is none. */
const SHAPES_OUTLIVE = 50;

/**
 * Keeps the heap small from now on, once what the start has left behind is collected (some 20 ms).
 * Earlier it would be collected again and again while the application is being put together.
 *
 * What it keeps is compiled code. After some seconds without a request V8 would collect everything to
 * save memory; with the last request and its like their shapes go, and with these the code that was
 * compiled for them: the next seconds cost up to four times as much.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  setFlagsFromString('--no-memory-reducer-favors-memory');
  setFlagsFromString(`--retain-maps-for-n-gc=${SHAPES_OUTLIVE}`);
  // Where much of what some line made has outlived a collection, as after a start under load, V8 makes
  // all of it in the old generation: dead as soon as the request is over, and until that generation is
  // collected it keeps alive what it points to, which is the whole request; so does every later one.
  setFlagsFromString('--no-allocation-site-pretenuring');
  setFlagsFromString('--expose-gc');
  // One that waits meanwhile: where there is none its shape is forgotten, and Node makes every later
  // one in the slowest of ways (2 % of a create).
  process.nextTick(() => undefined);
  // How far it may grow is reckoned at the end of each collection, this one for a start.
  runInNewContext('gc()');
}
