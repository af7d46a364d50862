import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { apiEnvironment, ready } from './local-api.ts';
import { ProcessAccount } from './process-account.ts';

/** The production process against a fake, and what it costs by Linux's account in `/proc`. */
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
   * Resolves when it is ready; rejects when it ended before.
   *
   * @param settings that differ from those of the local stack
   */
  static start(
    fake: GraphFake,
    port: number,
    settings: NodeJS.ProcessEnv = {},
  ): Promise<MeasuredProcess> {
    return MeasuredProcess.startWith({ ...proxyEnvironment(fake), ...settings }, port);
  }

  /**
   * As `start`, where the fake is in another process.
   *
   * @param upstream what `proxyEnvironment` says of it, and settings that differ
   */
  static async startWith(upstream: NodeJS.ProcessEnv, port: number): Promise<MeasuredProcess> {
    const child = spawn(process.execPath, ['apps/api/dist/main.js'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: apiEnvironment(upstream, port),
    });
    const ended = new AbortController();
    // It must not outlive this process, however that ends.
    const kill = () => child.kill();
    process.once('exit', kill);
    child.once('exit', () => {
      process.off('exit', kill);
      ended.abort();
    });
    const started = new MeasuredProcess(child, `http://127.0.0.1:${port}`);
    if (await ready(started.url, ended.signal)) return started;
    throw new Error('the process ended before it was ready');
  }

  /** Memory that it holds now. */
  get residentBytes(): number {
    return this.#account.residentBytes;
  }

  /** The most that it held since it started, or since `forgetPeak`. */
  get peakBytes(): number {
    return this.#account.peakBytes;
  }

  /** What it holds now becomes the peak. */
  forgetPeak(): void {
    this.#account.forgetPeak();
  }

  /** Processor time so far: user and system. */
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
