import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { type BrokerIndex, brokerIndex, reasonOf, unreachable } from './broker-index.ts';
import { type BrokerSettings, brokerSettings } from './broker-settings.ts';
import { CommandError } from './command-error.ts';
import { parseJson } from './loose-json.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A broker that is reachable and accepts the credentials. */
export class Broker {
  readonly #settings: BrokerSettings;
  readonly #index: BrokerIndex;
  /** Aborted at the deadline of the command. */
  readonly #late: AbortSignal;

  private constructor(settings: BrokerSettings, index: BrokerIndex, late: AbortSignal) {
    this.#settings = settings;
    this.#index = index;
    this.#late = late;
  }

  /** @throws CommandError if the settings or the broker are unusable */
  static async connect(env: NodeJS.ProcessEnv): Promise<Broker> {
    const settings = brokerSettings(env);
    const late = AbortSignal.timeout(settings.timeoutMs);
    return new Broker(settings, await brokerIndex(settings), late);
  }

  /** Without a trailing slash. */
  get url(): string {
    return this.#settings.url;
  }

  /** The environment of a process that uses the broker. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...withoutBroker(process.env),
      ...this.#settings.variables,
      PACT_DO_NOT_TRACK: 'true',
    };
  }

  /**
   * Sends `body` to the link `relation` of the broker's index.
   *
   * @throws CommandError if there is no such link, or no response in time
   */
  async post(relation: string, body: unknown): Promise<{ status: number; body: unknown }> {
    const { url, authorization } = this.#settings;
    const href = this.#index.get(relation);
    if (href === undefined)
      throw new CommandError(`the broker at ${url} is too old: no ${relation}`);
    // A broker behind a gateway may link to an internal host. The credentials are sent only to the
    // configured one.
    const address = URL.parse(href, `${url}/`);
    if (address === null)
      throw new CommandError(`the broker at ${url} names no address but ${href}`);
    const target = new URL(address.pathname + address.search, url);
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: {
          Accept: 'application/hal+json',
          'Content-Type': 'application/json',
          ...(authorization && { authorization }),
        },
        body: JSON.stringify(body),
        signal: this.#late,
      });
      return { status: response.status, body: parseJson(await response.text()) };
    } catch (error) {
      throw this.#late.aborted ? this.#tooLate() : new CommandError(unreachable(url, error));
    }
  }

  /**
   * Runs Pact's command line and prints its output without secrets. It gets the secrets in its
   * environment, because all users of a machine can read the arguments of a process.
   *
   * @returns its exit code
   * @throws CommandError if it takes too long
   */
  async run(...args: readonly string[]): Promise<number> {
    const child = spawn('pact-broker', [...args, '--retries', '1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, because the command starts another process.
      detached: true,
      env: this.environment,
    });
    const kill = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    this.#late.addEventListener('abort', kill);
    // Its process group does not receive Ctrl-C.
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
      throw new CommandError(`pact-broker could not be started: ${reasonOf(error)}`);
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

  #tooLate(): CommandError {
    return new CommandError(`the broker at ${this.#settings.url} did not answer in time`);
  }

  /** `output` without secrets. */
  redacted(output: string): string {
    return this.#settings.secrets.reduce((said, secret) => said.replaceAll(secret, '***'), output);
  }
}

/** The environment without any settings of a broker, including empty ones. */
function withoutBroker(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith('PACT_BROKER_'));
  return Object.fromEntries(others);
}
