import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

/** What a process costs by Linux's account in `/proc`. */
export class ProcessAccount {
  readonly #folder: string;

  constructor(pid: number | undefined) {
    if (pid === undefined) throw new TypeError('the process has not started');
    this.#folder = `/proc/${pid}`;
  }

  /** Memory that it holds now. */
  get residentBytes(): number {
    return this.#statusBytes('VmRSS');
  }

  /** The most that it held since it started, or since `forgetPeak`. */
  get peakBytes(): number {
    return this.#statusBytes('VmHWM');
  }

  /** What it holds now becomes the peak (proc(5), clear_refs). */
  forgetPeak(): void {
    writeFileSync(`${this.#folder}/clear_refs`, '5');
  }

  /** Processor time so far: user and system, of all its threads, in clock ticks of 10 ms. */
  get processorMs(): number {
    const stat = readFileSync(`${this.#folder}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  get threads(): number {
    return readdirSync(`${this.#folder}/task`).length;
  }

  /** What each open file descriptor leads to; sockets as `socket:[INODE]`. */
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

  /** How many of its connections, of IPv4, lead to `port` of another (proc(5), `net/tcp`). */
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
