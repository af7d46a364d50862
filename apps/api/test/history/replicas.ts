import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

// The build, as production runs it.
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** Number of characters of the error output that are kept. */
const MAX_ERROR_OUTPUT = 4000;

interface Replica {
  child: ChildProcess;
  url: string;
}

/** Processes of the production build that share a store. */
export class Replicas {
  readonly #env: Record<string, string>;
  readonly #replicas: Replica[] = [];
  #isStopping = false;
  /** The error output of a process that ended on its own. */
  failure: string | undefined;

  private constructor(env: Record<string, string>) {
    this.#env = env;
  }

  static async start(count: number, env: Record<string, string>): Promise<Replicas> {
    const replicas = new Replicas(env);
    // An aborted run must not leave processes behind.
    process.once('exit', replicas.#killAll);
    try {
      for (let index = 0; index < count; index += 1) {
        replicas.#replicas.push({ ...replicas.#spawn(), url: '' });
        await replicas.#listening(index);
      }
    } catch (error) {
      await replicas.stop();
      throw error;
    }
    return replicas;
  }

  get count(): number {
    return this.#replicas.length;
  }

  /** Address of a process. A killed process keeps its address until its successor listens. */
  url(index: number): string {
    return this.#replicas[index]?.url ?? '';
  }

  /**
   * Kills a process and starts another one on the same store.
   *
   * @param againAfterMs time after which the new process is killed, too
   */
  async kill(index: number, againAfterMs?: number): Promise<void> {
    await this.#replace(index);
    if (againAfterMs !== undefined) {
      await sleep(againAfterMs);
      await this.#replace(index);
    }
    await this.#listening(index);
  }

  /** Kills all processes, and starts others once `between` has happened. */
  async restart(between: () => Promise<void>): Promise<void> {
    await Promise.all(this.#replicas.map(({ child }) => end(child)));
    await between();
    for (const [index, replica] of this.#replicas.entries()) {
      if (this.#isStopping) return;
      Object.assign(replica, this.#spawn());
      await this.#listening(index);
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    process.off('exit', this.#killAll);
    await Promise.all(this.#replicas.map(({ child }) => end(child)));
  }

  readonly #killAll = (): void => {
    for (const { child } of this.#replicas) child.kill('SIGKILL');
  };

  async #replace(index: number): Promise<void> {
    const replica = this.#replicas[index];
    if (!replica) throw new RangeError(`no replica ${index}`);
    await end(replica.child);
    if (!this.#isStopping) Object.assign(replica, this.#spawn());
  }

  #spawn(): { child: ChildProcess } {
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...this.#env, PORT: '0' },
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MAX_ERROR_OUTPUT);
    });
    child.once('exit', (code) => {
      if (code !== null) this.failure ??= `a process ended with ${code}: ${output}`;
    });
    return { child };
  }

  async #listening(index: number): Promise<void> {
    const replica = this.#replicas[index];
    const stdout = replica?.child.stdout;
    if (!replica || !stdout) return;
    for await (const line of createInterface({ input: stdout })) {
      const [, address] = /"service.address":"([^"]+)"/.exec(line) ?? [];
      if (address === undefined) continue;
      replica.url = address;
      stdout.resume();
      return;
    }
    if (!this.#isStopping) throw new Error(this.failure ?? 'a process ended before it listened');
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
