import { AsyncLocalStorage } from 'node:async_hooks';

/** Within a part of a batch: a signal that aborts when the client of the batch disconnects. */
const batchSignals = new AsyncLocalStorage<AbortSignal>();

/** Runs `work`, which injects a request, as a part of a batch. */
export function asBatchPart<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return batchSignals.run(signal, work);
}

/** The signal of the current request's batch; undefined for a request of its own. */
export function batchSignal(): AbortSignal | undefined {
  return batchSignals.getStore();
}
