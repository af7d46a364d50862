import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { type BrokerIndex, brokerIndex, reasonOf, unreachable } from './broker-index.ts';
import { type BrokerSettings, brokerSettings } from './broker-settings.ts';
import { Complaint } from './complaint.ts';
import { parseJson } from './loose-json.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A broker that answers and takes our credentials. */
export class Broker {
  readonly #settings: BrokerSettings;
  readonly #index: BrokerIndex;
  /** Aborts when the command has taken as long as it may. */
  readonly #late: AbortSignal;

  private constructor(settings: BrokerSettings, index: BrokerIndex, late: AbortSignal) {
    this.#settings = settings;
    this.#index = index;
    this.#late = late;
  }

  /** @throws Complaint that says what is wrong with the settings or with the broker */
  static async connect(env: NodeJS.ProcessEnv): Promise<Broker> {
    const settings = brokerSettings(env);
    const late = AbortSignal.timeout(settings.timeoutMs);
    return new Broker(settings, await brokerIndex(settings), late);
  }

  /** Without a slash at the end. */
  get url(): string {
    return this.#settings.url;
  }

  /** For a process that speaks to the broker: ours, with one set of credentials at most. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...withoutBroker(process.env),
      ...this.#settings.variables,
      PACT_DO_NOT_TRACK: 'true',
    };
  }

  /**
   * Sends `body` to what the broker's index calls `relation`.
   *
   * @throws Complaint when there is no such thing, or no answer in time
   */
  async post(relation: string, body: unknown): Promise<{ status: number; body: unknown }> {
    const { url, authorization } = this.#settings;
    const href = this.#index.get(relation);
    if (href === undefined) throw new Complaint(`the broker at ${url} is too old: no ${relation}`);
    // A broker behind a gateway may not know what it is called outside. The credentials go where
    // they were meant to go, whatever host it names.
    const address = URL.parse(href, `${url}/`);
    if (address === null) throw new Complaint(`the broker at ${url} names no address but ${href}`);
    const target = new URL(address.pathname + address.search, url);
    try {
      const answer = await fetch(target, {
        method: 'POST',
        headers: {
          Accept: 'application/hal+json',
          'Content-Type': 'application/json',
          ...(authorization && { authorization }),
        },
        body: JSON.stringify(body),
        signal: this.#late,
      });
      return { status: answer.status, body: parseJson(await answer.text()) };
    } catch (error) {
      throw this.#late.aborted ? this.#tooLate() : new Complaint(unreachable(url, error));
    }
  }

  /**
   * Runs Pact's command line and prints what it says, without secrets. They reach it through its
   * environment, because every user of a machine can read the arguments of a process.
   *
   * @returns its exit code
   * @throws Complaint when it takes too long
   */
  async run(...args: readonly string[]): Promise<number> {
    const child = spawn('pact-broker', [...args, '--retries', '1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: the command is a wrapper around another process.
      detached: true,
      env: this.environment,
    });
    const kill = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    this.#late.addEventListener('abort', kill);
    // In its group it hears no Ctrl-C, and would go on by itself.
    const stop = (signal: NodeJS.Signals) => {
      kill();
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    try {
      const output = Promise.all([text(child.stdout), text(child.stderr)]);
      await once(child, 'exit');
      const [stdout, stderr] = await output;
      this.say(stdout);
      process.stderr.write(this.redacted(stderr));
    } catch (error) {
      throw new Complaint(`pact-broker could not be started: ${reasonOf(error)}`);
    } finally {
      this.#late.removeEventListener('abort', kill);
      for (const signal of SIGNALS) process.off(signal, stop);
    }
    if (this.#late.aborted) throw this.#tooLate();
    return child.exitCode ?? 1;
  }

  /** Prints on stdout, without secrets. */
  say(text: string): void {
    process.stdout.write(this.redacted(text));
  }

  #tooLate(): Complaint {
    return new Complaint(`the broker at ${this.#settings.url} did not answer in time`);
  }

  /** `output` without secrets, whoever wrote it. */
  redacted(output: string): string {
    return this.#settings.secrets.reduce((said, secret) => said.replaceAll(secret, '***'), output);
  }
}

/** An environment in which no setting speaks of a broker, not even an empty one. */
function withoutBroker(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith('PACT_BROKER_'));
  return Object.fromEntries(others);
}
