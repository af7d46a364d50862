import { AsyncLocalStorage } from 'node:async_hooks';

/** Aborts when the client of the batch disconnects that the request under way is a part of. */
const batchSignals = new AsyncLocalStorage<AbortSignal>();

/** Does `work`, which injects a request and awaits it, as a part of a batch. */
export function asBatchPart<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return batchSignals.run(signal, work);
}

/** The signal of the batch that the request under way is a part of; undefined when it came alone. */
export function batchSignal(): AbortSignal | undefined {
  return batchSignals.getStore();
}
