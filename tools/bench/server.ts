import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessAccount } from '../process-account.ts';

export interface ServerPlan {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Path that answers `readyStatus` once the server can work. */
  readonly ready: { readonly path: string; readonly status: number };
}

const READY_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 5000;
const PASSED_ON = ['PATH', 'TZ'];

/** A server that runs, and what it costs. Its output goes nowhere, what it has to complain is seen. */
export class Server {
  readonly name: string;
  readonly port: number;
  readonly account: ProcessAccount;
  readonly #child: ChildProcess;

  private constructor(plan: ServerPlan, child: ChildProcess) {
    this.name = plan.name;
    this.port = plan.port;
    this.account = new ProcessAccount(child.pid);
    this.#child = child;
  }

  static async start(plan: ServerPlan): Promise<Server> {
    const [file = '', ...args] = plan.command;
    const passedOn = Object.fromEntries(PASSED_ON.map((key) => [key, process.env[key]]));
    const child = spawn(file, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...passedOn, NODE_ENV: 'production', PORT: String(plan.port), ...plan.env },
    });
    const server = new Server(plan, child);
    const end = () => {
      server.#end();
    };
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    await server.#untilReady(plan);
    return server;
  }

  /** Takes no processor time until it goes on. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#end();
    // Node can wait for its own threads for ever (github.com/nodejs/node, issue 54918).
    const late = setTimeout(() => {
      process.stderr.write(`${this.name} did not end within ${STOPS_WITHIN_MS} ms: killed\n`);
      this.#child.kill('SIGKILL');
    }, STOPS_WITHIN_MS);
    await exit;
    clearTimeout(late);
  }

  /** Only what goes on can end. */
  #end(): void {
    this.#child.kill();
    this.goOn();
  }

  async #untilReady({ name, port, ready }: ServerPlan): Promise<void> {
    const endMs = Date.now() + READY_WITHIN_MS;
    while (Date.now() < endMs && this.#child.exitCode === null) {
      const answer = await fetch(`http://127.0.0.1:${port}${ready.path}`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.status === ready.status) return;
      await sleep(50);
    }
    throw new Error(`${name} did not become ready`);
  }
}
