import { boundedText } from '../bounded-text.ts';
import { type BrokerIndex, brokerIndex } from './broker-index.ts';
import { linkPath } from './broker-links.ts';
import { refusal, unreachable } from './broker-refusal.ts';
import { type BrokerSettings, brokerSettings } from './broker-settings.ts';
import { CommandError } from './command-error.ts';
import { parseJson } from './loose-json.ts';

/** What is sent to the broker. */
interface Sent {
  /** The media type of the body. */
  readonly type?: string | undefined;
  readonly body?: string;
}

/** A broker that is reachable and accepts the credentials. */
export class Broker {
  readonly #settings: BrokerSettings;
  readonly #index: BrokerIndex;
  /** Aborted at the deadline of the command. */
  readonly late: AbortSignal;

  private constructor(settings: BrokerSettings, index: BrokerIndex, late: AbortSignal) {
    this.#settings = settings;
    this.#index = index;
    this.late = late;
  }

  /**
   * @param limitMs how long the command may take; by default as long as one response of the broker
   * @throws CommandError if the settings or the broker are unusable
   */
  static async connect(env: NodeJS.ProcessEnv, limitMs?: number): Promise<Broker> {
    const settings = brokerSettings(env);
    const late = AbortSignal.timeout(limitMs ?? settings.timeoutMs);
    return new Broker(settings, await brokerIndex(settings), late);
  }

  /** Without a trailing slash. */
  get url(): string {
    return this.#settings.url;
  }

  get authorization(): string | undefined {
    return this.#settings.authorization;
  }

  /** The path of a link, from the root of the broker. */
  pathOf(href: string): string {
    return linkPath(href, this.url, this.#index.get('self'));
  }

  /**
   * The path of a link of the index, with its variables.
   *
   * @throws CommandError if there is no such link
   */
  path(relation: string, variables: Readonly<Record<string, string>> = {}): string {
    const href = this.#index.get(relation);
    if (href === undefined) {
      throw new CommandError(`the broker at ${this.url} is too old: no ${relation}`);
    }
    return this.pathOf(href).replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(variables[name] ?? ''),
    );
  }

  /**
   * Sends a request.
   *
   * @param path from the root of the broker
   * @throws CommandError without a response in time
   */
  async send(
    method: string,
    path: string,
    { type, body }: Sent = {},
  ): Promise<{ readonly status: number; readonly type: string; readonly body: string }> {
    const { url, authorization, timeoutMs } = this.#settings;
    const signal = AbortSignal.any([this.late, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          Accept: 'application/hal+json, application/json',
          ...(type !== undefined && { 'Content-Type': type }),
          ...(authorization !== undefined && { authorization }),
        },
        ...(body !== undefined && { body }),
        signal,
        // A change that is redirected would become a read, and look as if it had been made.
        redirect: 'manual',
      });
      const received = response.headers.get('content-type') ?? 'application/hal+json';
      return { status: response.status, type: received, body: await boundedText(response) };
    } catch (error) {
      throw signal.aborted ? this.tooLate() : new CommandError(unreachable(url, error));
    }
  }

  /**
   * Sends JSON, or reads it.
   *
   * @throws CommandError without a response in time, without JSON, or if the broker fails or refuses
   *   the credentials
   */
  async json(
    method: string,
    path: string,
    value?: unknown,
    type = 'application/json',
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const sent = value === undefined ? {} : { type, body: JSON.stringify(value) };
    const { status, body } = await this.send(method, path, sent);
    const failure = refusal(this, status, method !== 'GET');
    if (failure !== undefined) throw failure;
    const parsed = parseJson(body);
    if (parsed === undefined && status < 300) {
      throw new CommandError(
        `what answers at ${this.url}${path} is no Pact broker: its response is no JSON; check what stands before the broker`,
      );
    }
    return { status, body: parsed };
  }

  /** Prints on stdout, without secrets. */
  say(text: string): void {
    process.stdout.write(this.redacted(text));
  }

  tooLate(): CommandError {
    return new CommandError(`the broker at ${this.url} did not answer in time`);
  }

  /** `output` without secrets. */
  redacted(output: string): string {
    return this.#settings.secrets.reduce((said, secret) => said.replaceAll(secret, '***'), output);
  }
}
