import { readFileSync } from 'node:fs';

/** What the clocks of this machine show. */
export interface MachineClocks {
  /** Runs evenly from the start of the machine, and shows the same to every process. */
  readonly elapsedMs: number;
  readonly wallMs: number;
  /** Identifies the start of the machine that `elapsedMs` counts from. */
  readonly boot: string | undefined;
}

/** Moves the clocks in tests. Threads share the memory. */
export interface ClockShift {
  readonly wallMs: BigInt64Array<SharedArrayBuffer>;
  /** Replaces that of the machine. */
  readonly boot: string | undefined;
}

/** Linux makes a new one at each start (random(4)). */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

const BOOT = bootId();

/**
 * Systems other than Linux do not identify their start, so elapsed time cannot be compared between
 * processes. There, the wall clock counts instead.
 */
export function readMachineClocks(shift?: ClockShift): MachineClocks {
  const wallMs = Date.now() + Number(shift?.wallMs[0] ?? 0n);
  const boot = shift ? shift.boot : BOOT;
  if (boot === undefined) return { elapsedMs: wallMs, wallMs, boot };
  // CLOCK_MONOTONIC on Linux.
  return { elapsedMs: Number(process.hrtime.bigint() / 1_000_000n), wallMs, boot };
}

function bootId(): string | undefined {
  try {
    return readFileSync(BOOT_ID, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
