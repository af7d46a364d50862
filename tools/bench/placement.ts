import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

const GENERATOR_CORE = 0;
const SERVER_CORE = 1;

/** Who runs where: servers on a core of their own, the generator and the upstream on another. */
export class Placement {
  /** False without two cores and Linux's `taskset`: then everybody runs anywhere. */
  readonly pinned: boolean;

  private constructor(pinned: boolean) {
    this.pinned = pinned;
  }

  /** Puts this process, which is the generator, in its place; what it starts inherits that. */
  static take(): Placement {
    const mask = ['-a', '-c', '-p', String(GENERATOR_CORE), String(process.pid)];
    return new Placement(availableParallelism() > 1 && spawnSync('taskset', mask).status === 0);
  }

  /** The command that runs `command` where servers run. */
  ofServer(command: readonly string[]): readonly string[] {
    return this.pinned ? ['taskset', '-c', String(SERVER_CORE), ...command] : command;
  }

  /** Time for which the servers' core was busy so far, for whoever; NaN where it is not theirs. */
  get serverCoreBusyMs(): number {
    if (!this.pinned) return NaN;
    const line = new RegExp(`^cpu${SERVER_CORE} (.*)$`, 'm').exec(
      readFileSync('/proc/stat', 'utf8'),
    );
    const [user, nice, system, , , irq, softirq] = (line?.[1] ?? '').split(' ').map(Number);
    return (
      [user, nice, system, irq, softirq].reduce((sum: number, ticks) => sum + (ticks ?? NaN), 0) *
      10
    );
  }

  describe(): string {
    return this.pinned
      ? 'the server alone on one core, the generator and the upstream on another'
      : 'no core to itself for anybody (taskset or a second core is missing): expect noise';
  }
}

/** Processor, memory, system and Node. */
export function machine(): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} x ${first?.model ?? 'unknown processor'}, ${gigabytes} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}
