import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@bookings/idempotency/testing/free-port';
import { apiEnvironment, ready } from '../local-api.ts';

const MAIN = 'apps/api/dist/main.js';

/** They must not outlive this process. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process of the production build. Its successors have its address. */
export class ApiProcess {
  readonly url: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess;
  #ended = new AbortController();

  private constructor(env: NodeJS.ProcessEnv, port: number) {
    this.#env = apiEnvironment(env, port);
    this.url = `http://127.0.0.1:${port}`;
    this.#child = this.#spawn();
  }

  /** Resolves when the process is ready. Rejects if it ends before. */
  static async start(env: NodeJS.ProcessEnv): Promise<ApiProcess> {
    const started = new ApiProcess(env, await freePort());
    if (await ready(started.url, started.#ended.signal)) return started;
    throw new Error('A process ended before it was ready.');
  }

  /** Kills the process and starts its successor, which may take a moment to be ready. */
  async replace(): Promise<void> {
    await this.#end('SIGKILL');
    this.#child = this.#spawn();
  }

  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** The sum of a metric over its labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const values = text.split('\n').filter((line) => /^\w+/.exec(line)?.[0] === name);
    return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  #spawn(): ChildProcess {
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: this.#env,
    });
    const ended = new AbortController();
    this.#ended = ended;
    running.add(child);
    child.once('exit', () => {
      running.delete(child);
      ended.abort();
    });
    return child;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
}
