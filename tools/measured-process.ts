import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { apiEnvironment, ready } from './local-api.ts';
import { ProcessAccount } from './process-account.ts';

// The exit event kills the processes. A signal alone does not cause it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

/** Runs the production process with a fake and measures it through Linux's `/proc`. */
export class MeasuredProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #account: ProcessAccount;

  private constructor(child: ChildProcess, url: string) {
    this.url = url;
    this.#child = child;
    this.#exit = once(child, 'exit');
    this.#account = new ProcessAccount(child.pid);
  }

  /**
   * Resolves when the process is ready. Rejects if it ends before.
   *
   * @param settings override those of the local stack
   */
  static start(
    fake: GraphFake,
    port: number,
    settings: NodeJS.ProcessEnv = {},
  ): Promise<MeasuredProcess> {
    return MeasuredProcess.startWith({ ...proxyEnvironment(fake), ...settings }, port);
  }

  /**
   * As `start`, with a fake in another process.
   *
   * @param upstream the result of `proxyEnvironment`, and other settings
   */
  static async startWith(upstream: NodeJS.ProcessEnv, port: number): Promise<MeasuredProcess> {
    const child = spawn(process.execPath, ['apps/api/dist/main.js'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: apiEnvironment(upstream, port),
    });
    const ended = new AbortController();
    // The process must not outlive this one.
    const kill = () => child.kill();
    process.once('exit', kill);
    child.once('exit', () => {
      process.off('exit', kill);
      ended.abort();
    });
    const started = new MeasuredProcess(child, `http://127.0.0.1:${port}`);
    if (await ready(started.url, ended.signal)) return started;
    throw new Error('The process ended before it was ready.');
  }

  /** Resident memory. */
  get residentBytes(): number {
    return this.#account.residentBytes;
  }

  /** Peak of the resident memory since the start or `forgetPeak`. */
  get peakBytes(): number {
    return this.#account.peakBytes;
  }

  /** Resets the peak to the current memory. */
  forgetPeak(): void {
    this.#account.forgetPeak();
  }

  /** Processor time: user and system. */
  get processorMs(): number {
    return this.#account.processorMs;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#exit;
  }
}

export function megabytes(bytes: number, digits = 0): string {
  return `${(bytes / 1024 / 1024).toFixed(digits)} MB`;
}
