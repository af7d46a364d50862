import { performance } from 'node:perf_hooks';

/** `/readyz` and `/metrics` answer within 500 ms, because load balancers give up after a second. */
const WAIT_MS = 300;
const MAX_AGE_MS = 1000;

/**
 * A probe of something that may hang, and its result, which all that ask for it share. One probe
 * runs at a time, however long it takes: a thousand questions to a store that hangs are one.
 */
export class SharedProbe<T> {
  #result: Promise<T> | undefined;
  #startedAtMs = -Infinity;
  #isRunning = false;

  /**
   * @param late the result of a probe that takes longer than 300 ms
   * @param maxAgeMs how old a result may be, from the start of its probe on
   */
  constructor(
    private readonly probe: () => Promise<T>,
    private readonly late: T,
    private readonly maxAgeMs = MAX_AGE_MS,
  ) {}

  /** Resolves within 300 ms. Rejects when the probe does. */
  read(): Promise<T> {
    const isOld = performance.now() - this.#startedAtMs >= this.maxAgeMs;
    if (!this.#result || (isOld && !this.#isRunning)) this.#result = this.#start();
    return this.#result;
  }

  #start(): Promise<T> {
    this.#startedAtMs = performance.now();
    this.#isRunning = true;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      // Behind what has arrived meanwhile: a busy process is not a slow store.
      setImmediate(resolve, this.late);
    }, WAIT_MS);
    void this.probe()
      .finally(() => {
        clearTimeout(timer);
        this.#isRunning = false;
      })
      .then(resolve, reject);
    return promise;
  }
}
