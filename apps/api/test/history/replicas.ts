import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

// The build, as production runs it.
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const ENDS_WITH = 4000;

interface Replica {
  child: ChildProcess;
  url: string;
}

/** Processes of the production build that share a store. */
export class Replicas {
  readonly #env: Record<string, string>;
  readonly #replicas: Replica[] = [];
  #isStopping = false;
  /** What a process said that ended by itself. */
  failure: string | undefined;

  private constructor(env: Record<string, string>) {
    this.#env = env;
  }

  static async start(count: number, env: Record<string, string>): Promise<Replicas> {
    const replicas = new Replicas(env);
    // They are not to outlive a run that is broken off.
    process.once('exit', replicas.#abandon);
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

  /** Where the process listens, or listened before it was killed. */
  url(index: number): string {
    return this.#replicas[index]?.url ?? '';
  }

  /**
   * SIGKILL, and a new process on the same store at once.
   *
   * @param againAfterMs kills it once more while it starts
   */
  async kill(index: number, againAfterMs?: number): Promise<void> {
    await this.#replace(index);
    if (againAfterMs !== undefined) {
      await sleep(againAfterMs);
      await this.#replace(index);
    }
    await this.#listening(index);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    process.off('exit', this.#abandon);
    await Promise.all(this.#replicas.map(({ child }) => end(child)));
  }

  readonly #abandon = (): void => {
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
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-ENDS_WITH);
    });
    child.once('exit', (code) => {
      if (code !== null) this.failure ??= `a process ended with ${code}: ${said}`;
    });
    return { child };
  }

  async #listening(index: number): Promise<void> {
    const replica = this.#replicas[index];
    const output = replica?.child.stdout;
    if (!replica || !output) return;
    for await (const line of createInterface({ input: output })) {
      const [, address] = /"address":"([^"]+)"/.exec(line) ?? [];
      if (address === undefined) continue;
      replica.url = address;
      output.resume();
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
