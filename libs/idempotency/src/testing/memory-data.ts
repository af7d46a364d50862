import type { StoreTime } from '../store-time.ts';
import type { KeyRecord } from '../transition.ts';

/** What in-memory stores share. */
export class MemoryData {
  readonly records = new Map<string, KeyRecord>();
  lastFence = 0;
  guard: string | undefined;
  /** The wall clock minus that of the machine. */
  aheadMs = 0;
  evenSinceMs = 0;

  constructor(private readonly machineMs: () => number = Date.now) {}

  get time(): StoreTime {
    const { evenSinceMs } = this;
    const nowMs = this.machineMs() + this.aheadMs;
    return { nowMs, evenSinceMs, leasesSinceMs: evenSinceMs };
  }

  moveClock(ms: number): void {
    this.aheadMs += ms;
    this.evenSinceMs = this.time.nowMs;
  }
}
