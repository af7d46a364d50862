import { performance } from 'node:perf_hooks';

/** `/readyz` and `/metrics` respond within 500 ms. Load balancers often wait only a second. */
const WAIT_MS = 300;
const MAX_AGE_MS = 1000;

/**
 * Shares the result of a probe among concurrent callers. Only one probe runs at a time, even if it
 * hangs.
 */
export class SharedProbe<T> {
  #result: Promise<T> | undefined;
  #startedAtMs = -Infinity;
  #isRunning = false;

  /**
   * @param timeoutResult the result when the probe takes longer than 300 ms
   * @param maxAgeMs how long a result is reused, from the start of its probe
   */
  constructor(
    private readonly probe: () => Promise<T>,
    private readonly timeoutResult: T,
    private readonly maxAgeMs = MAX_AGE_MS,
  ) {}

  /** Resolves within 300 ms. Rejects if the probe rejects. */
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
      // Events that have arrived go first, so that a blocked event loop is not reported as a slow probe.
      setImmediate(resolve, this.timeoutResult);
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
