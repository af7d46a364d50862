import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Texts and numbers by name, as helpers send them. */
export type Said = Readonly<Record<string, string>>;

/**
 * What a measurement needs beside the API, in a process of its own, so that its processor time is
 * nobody else's. It sends a `Said` when it is ready, and one for each message; it ends with the
 * connection to this process.
 */
export class Helper {
  readonly said: Said;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;

  private constructor(child: ChildProcess, exit: Promise<unknown>, said: Said) {
    this.#child = child;
    this.#exit = exit;
    this.said = said;
  }

  /** @param path of the program, from the folder of the workspace */
  static async start(path: string): Promise<Helper> {
    const child = fork(path, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const exit = once(child, 'exit');
    return new Helper(child, exit, await nextSaid(child, exit));
  }

  ask(): Promise<Said> {
    const answer = nextSaid(this.#child, this.#exit);
    this.#child.send('figures');
    return answer;
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exit;
  }
}

async function nextSaid(child: ChildProcess, exit: Promise<unknown>): Promise<Said> {
  const ended = exit.then(() => {
    throw new Error(`${child.spawnargs.join(' ')} has ended`);
  });
  const heard: Promise<readonly unknown[]> = once(child, 'message');
  const [message] = await Promise.race([heard, ended]);
  if (!(message instanceof Object)) throw new TypeError('a helper says what it has by name');
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [name, String(value)]));
}
