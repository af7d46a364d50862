/** The settings that decide how long a permit must last. */
export interface PermitTimes {
  /** Longest time of one attempt at Graph. */
  readonly attemptMs: number;
  /** How long Graph may still work on an attempt that was given up. */
  readonly lingerMs: number;
}

/** From the first byte of a request until Graph surely no longer works on it. */
export function workMs({ attemptMs, lingerMs }: PermitTimes): number {
  return attemptMs + lingerMs;
}

/** How long a permit is leased for. */
export function leaseMs(times: PermitTimes): number {
  return workMs(times) + 5000;
}

/** What must be left of a lease when a request begins. */
export function reserveMs(times: PermitTimes): number {
  return workMs(times) + 1000;
}

/**
 * How long after an outage the processes use only their shares. A process that does not know yet that
 * the database is back notices within two seconds, and what it has sent may take `workMs`.
 */
export function recoveryMs(times: PermitTimes): number {
  return workMs(times) + 2000;
}
