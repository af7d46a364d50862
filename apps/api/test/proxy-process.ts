import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach } from '@jest/globals';
import { GraphFake, type GraphFakeOptions, proxyEnvironment } from '@bookings/graph-fake';
import { CREATE_PERMISSION } from './documented.ts';
import { jsonObject } from './json.ts';
import { freePort } from './local-server.ts';
import { POLL_MS, ProxyClient } from './proxy-client.ts';
import { onTeardown } from './teardown.ts';
import { stateUrl } from './temporary-folder.ts';
import { type LimitedProcess, MAILBOX_CONCURRENCY, checkWork, workLimitOf } from './work-limit.ts';

/** The production build. */
export const DIST = fileURLToPath(new URL('../dist', import.meta.url));
export const MAIN = `${DIST}/main.js`;

export interface ProcessOptions extends Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'> {
  /** Default: this Node with the production build. */
  readonly command?: readonly [string, ...string[]];
  /** A file descriptor for the standard output. Without one the output is collected. */
  readonly stdout?: number;
}

/** A process of the production build. It is killed after the last test of the file. */
export class ProxyProcess extends ProxyClient {
  readonly child: ChildProcess;
  /** Exit code and signal, once all output has arrived. */
  readonly exit: Promise<unknown[]>;
  /** Empty until the process listens. */
  url = '';
  managementUrl = '';
  #stdout = '';
  #stderr = '';

  constructor(
    protected readonly token: string,
    env: Record<string, string>,
    { command = [process.execPath, MAIN], stdout, ...options }: ProcessOptions = {},
  ) {
    super();
    const [file, ...args] = command;
    this.child = spawn(file, args, {
      ...options,
      stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...env },
    });
    this.exit = once(this.child, 'close');
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    onTeardown(() => this.child.kill('SIGKILL'));
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The log lines that have arrived. */
  get logLines(): Record<string, unknown>[] {
    return this.#stdout.split('\n').slice(0, -1).map(jsonObject);
  }

  /** Waits for the first log line whose `key` has this value. */
  async lineWith(key: string, value: unknown): Promise<Record<string, unknown>> {
    const [line = {}] = await this.linesWith(key, value, 1);
    return line;
  }

  /** Waits until `count` log lines have this value at `key`. */
  async linesWith(key: string, value: unknown, count: number): Promise<Record<string, unknown>[]> {
    const { stdout } = this.child;
    if (stdout === null) throw new TypeError('the output is not collected');
    for (;;) {
      const lines = this.logLines.filter((each) => each[key] === value);
      if (lines.length >= count) return lines;
      if (this.child.exitCode !== null) throw new Error(`the process ended without ${key}`);
      await Promise.race([once(stdout, 'data'), this.exit]);
    }
  }

  /** Waits for the log line with the address. Throws when the process ends before. */
  async listening(): Promise<this> {
    const { stdout } = this.child;
    if (stdout === null) throw new TypeError('the output is not collected');
    const lines = createInterface({ input: stdout });
    const listening = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        const fields = jsonObject(line);
        if (fields['message'] !== 'listening') return;
        this.url = String(fields['service.address']);
        const management = fields['bookings.management_address'];
        this.managementUrl = typeof management === 'string' ? management : '';
        resolve();
      });
    });
    await Promise.race([listening, this.exit]);
    if (this.url !== '') return this;
    throw new Error(`the process ended before it listened: ${this.stdout}${this.stderr}`);
  }

  /** Sends SIGTERM and waits for the end. */
  async stop(): Promise<unknown[]> {
    this.child.kill('SIGTERM');
    return this.exit;
  }
}

/** Starts processes of the production build in front of one fake Graph. */
export class ProxyLauncher {
  #started: { readonly fake: GraphFake; readonly token: string } | undefined;
  readonly #limited: LimitedProcess[] = [];
  #workLimit = MAILBOX_CONCURRENCY;

  constructor(private readonly fakeOptions: GraphFakeOptions = {}) {}

  async startFake(): Promise<void> {
    const fake = await GraphFake.start(this.fakeOptions);
    onTeardown(() => fake.close());
    onTeardown(() => {
      checkWork(fake, this.#workLimit);
    });
    this.#started = { fake, token: await fake.issueToken({ roles: [CREATE_PERMISSION] }) };
  }

  get fake(): GraphFake {
    return this.#running.fake;
  }

  /** Starts a process that may end before it listens. */
  spawn(env: Record<string, string> = {}, options?: ProcessOptions): ProxyProcess {
    const { fake, token } = this.#running;
    const stateAt = env['STATE_URL'] ?? stateUrl();
    const usual = { ...proxyEnvironment(fake), STATE_URL: stateAt, PORT: '0' };
    const started = new ProxyProcess(token, { ...usual, ...env }, options);
    const limit = Number(env['MAILBOX_CONCURRENCY'] ?? MAILBOX_CONCURRENCY);
    const limited = { stateUrl: stateAt, limit };
    this.#limited.push(limited);
    this.#workLimit = Math.max(this.#workLimit, workLimitOf(this.#limited));
    started.child.once('exit', () => this.#limited.splice(this.#limited.indexOf(limited), 1));
    return started;
  }

  /** Starts a process and waits until it listens. */
  async start(env?: Record<string, string>, options?: ProcessOptions): Promise<ProxyProcess> {
    return this.spawn(env, options).listening();
  }

  /** Starts a process whose log may not show its address, and waits until it responds. */
  async startUnlogged(
    env?: Record<string, string>,
    options?: ProcessOptions,
  ): Promise<ProxyProcess> {
    const port = await freePort();
    const proxy = this.spawn({ ...env, PORT: String(port) }, options);
    proxy.url = `http://127.0.0.1:${port}`;
    while (!(await proxy.get('/livez').catch(() => undefined))) {
      if (proxy.child.exitCode !== null) throw new Error(`the process ended: ${proxy.stderr}`);
      await sleep(POLL_MS);
    }
    return proxy;
  }

  get #running() {
    if (this.#started === undefined) throw new Error('the fake has not been started');
    return this.#started;
  }
}

/** Processes of the production build for the tests of the file, which share one fake Graph. */
export function useProxyProcess(fakeOptions?: GraphFakeOptions): ProxyLauncher {
  const launcher = new ProxyLauncher(fakeOptions);
  beforeAll(() => launcher.startFake());
  beforeEach(() => {
    launcher.fake.forget();
  });
  return launcher;
}
