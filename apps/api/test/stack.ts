import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import { readFileSync } from 'node:fs';
import { afterAll } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { GraphFake, type GraphFakeOptions, proxyEnvironment } from '@bookings/graph-fake';
import { type App, createApp } from '../src/create-app.ts';
import { loadConfig } from '../src/config/config.ts';
import { createLog } from '../src/observability/logging.ts';
import { stateUrl } from './state-folder.ts';

/** The business of the documented example. */
export const BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';
export const customersPath = (business = BUSINESS) =>
  `/v1.0/solutions/bookingBusinesses/${business}/customers`;
export const CREATE_PERMISSION = 'BookingsAppointment.ReadWrite.All';

/** The body on the page "Create bookingCustomer", byte for byte. */
export const DOCUMENTED_REQUEST = readFileSync(
  new URL('documented-request.json', import.meta.url),
  'utf8',
);
/** The answer on that page, parsed. */
export const DOCUMENTED_RESPONSE = jsonObject(
  readFileSync(new URL('documented-response.json', import.meta.url), 'utf8'),
);

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as a JSON object; empty when it is none. */
  readonly body: Record<string, unknown>;
  /** `error` of the body; empty when there is none. */
  readonly error: Record<string, unknown>;
  readonly innerError: Record<string, unknown>;
}

export interface AskOptions {
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Null sends none. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface CreateOptions extends AskOptions {
  readonly path?: string;
  readonly method?: string;
}

/** The fake Graph and the application in front of it, over real HTTP, in this process. */
export class Stack {
  static readonly #running = new Set<Stack>();

  private constructor(
    readonly fake: GraphFake,
    readonly app: App,
    readonly url: string,
    /** Address of `MANAGEMENT_PORT`; empty without one. */
    readonly managementUrl: string,
    readonly logLines: string[],
    /** Those lines of the log that are audit records. */
    readonly auditLines: string[],
    private readonly logged: EventEmitter,
    private readonly token: string,
  ) {}

  /** `env`: settings that differ from those of the local stack; undefined removes one. */
  static async start(
    env: Record<string, string | undefined> = {},
    options: GraphFakeOptions = {},
  ): Promise<Stack> {
    const fake = await GraphFake.start(options);
    const logLines: string[] = [];
    const auditLines: string[] = [];
    const logged = new EventEmitter();
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        const line = chunk.toString();
        (jsonObject(line)['audit'] === true ? auditLines : logLines).push(line);
        logged.emit('line');
        done();
      },
    });
    const config = loadConfig({ ...proxyEnvironment(fake), STATE_URL: stateUrl(), ...env });
    const app = await createApp(config, createLog(config.logLevel, destination));
    const managementUrl = (await app.management?.listen('127.0.0.1', 0)) ?? '';
    const url = await app.listen('127.0.0.1', 0);
    const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
    const stack = new Stack(fake, app, url, managementUrl, logLines, auditLines, logged, token);
    Stack.#running.add(stack);
    return stack;
  }

  /** Stops what a failed test left running, which would keep the whole run from ending. */
  static async stopAll(): Promise<void> {
    for (const stack of Stack.#running) await stack.stop();
  }

  /** A create as a well-behaved application would send it, but for `options`. */
  create(options: CreateOptions = {}): Promise<Answer> {
    const { method = 'POST', body = DOCUMENTED_REQUEST } = options;
    const bodiless = method === 'GET' || method === 'HEAD';
    return this.ask(method, options.path ?? customersPath(), {
      ...options,
      headers: { 'content-type': 'application/json', ...options.headers },
      ...(!bodiless && { body }),
    });
  }

  /** Any request, with the token of an application that may do everything. */
  async ask(method: string, path: string, options: AskOptions = {}): Promise<Answer> {
    const { token = this.token, headers = {}, body, signal } = options;
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    return readAnswer(response);
  }

  async get(path: string): Promise<Answer> {
    return readAnswer(await fetch(`${this.url}${path}`));
  }

  /** Any request to the management port. */
  async manage(path: string, init: RequestInit = {}): Promise<Answer> {
    return readAnswer(await fetch(`${this.managementUrl}${path}`, init));
  }

  /** What `/readyz` says as soon as it is `wanted`: what it says may be a second old. */
  async readyWhen(wanted: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const answer = await this.get('/readyz');
      if (wanted(answer)) return answer;
    }
  }

  /** The log line of a request, as soon as it is written: an answer arrives before its line. */
  lineOf(requestId: string | null): Promise<Record<string, unknown>> {
    return this.lineWith('requestId', requestId);
  }

  async lineWith(key: string, value: unknown): Promise<Record<string, unknown>> {
    for (;;) {
      const line = this.logLines.find((each) => jsonObject(each)[key] === value);
      if (line !== undefined) return jsonObject(line);
      await once(this.logged, 'line');
    }
  }

  /** Resolves as soon as the log has `count` lines with this value. */
  async linesWith(key: string, value: unknown, count: number): Promise<void> {
    while (this.logLines.filter((line) => jsonObject(line)[key] === value).length < count) {
      await once(this.logged, 'line');
    }
  }

  /** How many requests Graph saw. */
  get seen(): number {
    return this.fake.requests().requests.length;
  }

  async stop(): Promise<void> {
    if (!Stack.#running.delete(this)) return;
    await this.app.close();
    await this.fake.close();
  }
}

afterAll(() => Stack.stopAll());

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = jsonObject(text);
  const error = objectIn(body, 'error');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body,
    error,
    innerError: objectIn(error, 'innerError'),
  };
}

export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function objectIn(parent: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = parent[key];
  return isObject(value) ? value : {};
}
