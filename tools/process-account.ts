import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

/** Memory, processor time and descriptors of a process, from Linux's `/proc`. */
export class ProcessAccount {
  readonly #folder: string;

  constructor(pid: number | undefined) {
    if (pid === undefined) throw new TypeError('The process has not started.');
    this.#folder = `/proc/${pid}`;
  }

  /** Resident memory. */
  get residentBytes(): number {
    return this.#statusBytes('VmRSS');
  }

  /** Peak of the resident memory since the start or `forgetPeak`. */
  get peakBytes(): number {
    return this.#statusBytes('VmHWM');
  }

  /** Resets the peak to the current memory (proc(5), clear_refs). */
  forgetPeak(): void {
    writeFileSync(`${this.#folder}/clear_refs`, '5');
  }

  /** Processor time of all threads: user and system, in clock ticks of 10 ms. */
  get processorMs(): number {
    const stat = readFileSync(`${this.#folder}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  get threads(): number {
    return readdirSync(`${this.#folder}/task`).length;
  }

  /** The target of each open file descriptor. A socket is `socket:[INODE]`. */
  get descriptors(): readonly string[] {
    const folder = `${this.#folder}/fd`;
    return readdirSync(folder).flatMap((name) => {
      try {
        return [readlinkSync(`${folder}/${name}`)];
      } catch {
        // Closed since the folder was read.
        return [];
      }
    });
  }

  /** The number of IPv4 connections to a remote `port` (proc(5), `net/tcp`). */
  connectionsTo(port: number): number {
    const own = new Set(this.descriptors);
    const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    return readFileSync(`${this.#folder}/net/tcp`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[2]?.endsWith(remote) && own.has(`socket:[${fields[9] ?? ''}]`))
      .length;
  }

  #statusBytes(name: string): number {
    const status = readFileSync(`${this.#folder}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  }
}
