import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import { afterEach, beforeAll, beforeEach } from '@jest/globals';
import { GraphFake, type GraphFakeOptions, proxyEnvironment } from '@bookings/graph-fake';
import { loadConfig } from '../src/config/config.ts';
import { type App, createApp } from '../src/create-app.ts';
import { createLog } from '../src/observability/logging.ts';
import { CREATE_PERMISSION } from './documented.ts';
import { jsonObject } from './json.ts';
import { faultsOfLine } from './log-line.ts';
import { type ProxyResponse, readResponse, ProxyClient } from './proxy-client.ts';
import { onTeardown } from './teardown.ts';
import { stateUrl } from './temporary-folder.ts';
import { type WorkLimit, checkWork } from './work-limit.ts';

/** Environment variables that override the usual ones. Undefined removes one. */
export type Settings = Readonly<Record<string, string | undefined>>;
/** Settings, or a function that makes them once the fake listens. */
export type SettingsSource = Settings | ((fake: GraphFake) => Settings | Promise<Settings>);

interface Parts {
  readonly fake: GraphFake;
  readonly app: App;
  readonly url: string;
  readonly managementUrl: string;
  readonly token: string;
  /** `MAILBOX_CONCURRENCY`. */
  readonly limit: number;
}

/** The proxy in front of the fake Graph. Both run in this process and listen on real ports. */
export class Stack extends ProxyClient {
  readonly logLines: string[] = [];
  /** Log lines that are audit records. They are not in `logLines`. */
  readonly auditLines: string[] = [];
  readonly #logged = new EventEmitter();
  readonly #lineFaults: string[] = [];
  #current: Parts | undefined;
  #isRunning = false;

  /** Nothing runs before `start`. */
  constructor(
    private readonly settings: SettingsSource = {},
    private readonly graph: GraphFake | GraphFakeOptions = {},
    private readonly workLimit: WorkLimit = {},
  ) {
    super();
  }

  static async start(...options: ConstructorParameters<typeof Stack>): Promise<Stack> {
    const stack = new Stack(...options);
    await stack.start();
    return stack;
  }

  async start(): Promise<void> {
    this.logLines.length = 0;
    this.auditLines.length = 0;
    const { settings, graph } = this;
    const fake = graph instanceof GraphFake ? graph : await GraphFake.start(graph);
    onTeardown(() => fake.close());
    const changed = typeof settings === 'function' ? await settings(fake) : settings;
    const config = loadConfig({ ...proxyEnvironment(fake), STATE_URL: stateUrl(), ...changed });
    const app = await createApp(config, createLog(config.logLevel, this.#logDestination()));
    const limit = config.graph.mailbox.concurrency;
    const managementUrl = (await app.management?.listen('127.0.0.1', 0)) ?? '';
    const url = await app.listen('127.0.0.1', 0);
    const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
    this.#current = { fake, app, url, managementUrl, token, limit };
    this.#isRunning = true;
    // A test that fails must not leave the application running.
    onTeardown(() => this.stop());
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    await this.app.close();
    await this.fake.close();
    checkWork(this.fake, this.#parts.limit, this.workLimit);
    const faults = this.#lineFaults.splice(0);
    if (faults.length > 0) throw new Error(`lines differ from docs/logs.md: ${faults.join('\n')}`);
  }

  get fake(): GraphFake {
    return this.#parts.fake;
  }

  get app(): App {
    return this.#parts.app;
  }

  get url(): string {
    return this.#parts.url;
  }

  /** Address of `MANAGEMENT_PORT`; empty without one. */
  get managementUrl(): string {
    return this.#parts.managementUrl;
  }

  protected get token(): string {
    return this.#parts.token;
  }

  get #parts(): Parts {
    if (this.#current === undefined) throw new Error('the stack has not been started');
    return this.#current;
  }

  /** Number of requests that Graph has received. */
  get graphRequests(): number {
    return this.fake.requests().requests.length;
  }

  /** Methods of the requests that Graph has received, in order. */
  get graphMethods(): string[] {
    return this.fake.requests().requests.map(({ method }) => method);
  }

  /** Sends a request to the management port. */
  async manage(path: string, init: RequestInit = {}): Promise<ProxyResponse> {
    return readResponse(await fetch(`${this.managementUrl}${path}`, init));
  }

  /** Waits for the log line of a request. The line is written after the response is sent. */
  lineOf(requestId: string | null): Promise<Record<string, unknown>> {
    return this.lineWith('http.request.id', requestId);
  }

  /** Waits for the first log line whose `key` has this value. */
  async lineWith(key: string, value: unknown): Promise<Record<string, unknown>> {
    const [line = {}] = await this.linesWith(key, value, 1);
    return line;
  }

  /** Waits until `count` log lines have this value at `key`. */
  async linesWith(key: string, value: unknown, count: number): Promise<Record<string, unknown>[]> {
    for (;;) {
      const lines = this.logLines.map(jsonObject).filter((line) => line[key] === value);
      if (lines.length >= count) return lines;
      await once(this.#logged, 'line');
    }
  }

  #logDestination(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        const line = chunk.toString();
        const fields = jsonObject(line);
        const lines = fields['audit'] === true ? this.auditLines : this.logLines;
        lines.push(line);
        this.#lineFaults.push(...faultsOfLine(fields).map((fault) => `${fault}: ${line}`));
        this.#logged.emit('line');
        done();
      },
    });
  }
}

/** A stack for all tests of the file. Before each test the fake forgets everything. */
export function useStack(...options: ConstructorParameters<typeof Stack>): Stack {
  const stack = new Stack(...options);
  beforeAll(() => stack.start());
  beforeEach(() => {
    stack.fake.forget();
  });
  return stack;
}

/** A stack that is started again for each test. */
export function useFreshStack(...options: ConstructorParameters<typeof Stack>): Stack {
  const stack = new Stack(...options);
  beforeEach(() => stack.start());
  afterEach(() => stack.stop());
  return stack;
}
