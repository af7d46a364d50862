import { AsyncLocalStorage } from 'node:async_hooks';
import type { Departed } from '@bookings/domain';

/** Of the request that is being handled: the caller of the batch that it is a part of. */
const batchCallers = new AsyncLocalStorage<Departed>();

/** Does `work`, which injects a request and awaits it, as a part of a batch with this `caller`. */
export function asBatchPart<T>(caller: Departed, work: () => Promise<T>): Promise<T> {
  return batchCallers.run(caller, work);
}

/** The caller of the batch that the request under way is a part of; undefined when it came alone. */
export function batchCaller(): Departed | undefined {
  return batchCallers.getStore();
}
