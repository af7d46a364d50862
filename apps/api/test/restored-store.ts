import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { CREATE_PERMISSION, customersPath } from './documented.ts';
import { runKeys } from './keys-process.ts';
import type { ProxyResponse } from './proxy-client.ts';
import { Stack, type Settings } from './stack.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { MAILBOX_CONCURRENCY, checkWork } from './work-limit.ts';

const STATE_SECRET = 'a secret that is long enough';

/** One proxy after another, in front of one fake, with the same store and audit file. */
export class Proxies {
  readonly #folder = temporaryFolder();
  readonly #path = join(this.#folder, 'state.db');
  readonly auditFile = join(this.#folder, 'audit.jsonl');
  readonly settings: Record<string, string>;
  #stack: Stack | undefined;

  constructor(
    readonly fake: GraphFake,
    settings: Settings = {},
  ) {
    this.settings = {
      STATE_URL: `sqlite:${this.#path}`,
      STATE_SECRET,
      IDEMPOTENCY_SETTLE_MS: '50',
      ...Object.fromEntries(Object.entries(settings).filter(isGiven)),
    };
  }

  get stack(): Stack {
    if (!this.#stack) throw new Error('no proxy was started');
    return this.#stack;
  }

  /** Replaces the running proxy by a new one, and lets something happen between the two. */
  async restart(between: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await this.#stack?.stop();
    await between();
    this.#stack = await Stack.start({ ...proxyEnvironment(this.fake), ...this.settings });
  }

  async create(key: string, customer: object = { displayName: key }, business?: string) {
    return this.stack.create({
      token: await this.fake.issueToken({ roles: [CREATE_PERMISSION] }),
      path: customersPath(business),
      headers: { 'idempotency-key': key },
      body: JSON.stringify(customer),
    });
  }

  keys(...args: string[]) {
    const { STATE_URL = '' } = this.settings;
    return runKeys({ STATE_URL, STATE_SECRET }, ...args);
  }

  /** @returns puts the copy back */
  async backUp(): Promise<() => Promise<void>> {
    const copy = join(this.#folder, 'copy.db');
    const { code, stderr } = await this.keys('backup', copy);
    if (code !== 0) throw new Error(stderr);
    return async () => {
      await this.empty();
      await copyFile(copy, this.#path);
    };
  }

  readonly empty = async (): Promise<void> => {
    for (const end of ['', '-wal', '-shm']) await rm(`${this.#path}${end}`, { force: true });
  };

  /** The alarms of the running proxy. */
  get alarms(): readonly string[] {
    return this.stack.logLines.filter((line) => line.includes('"bookings.alarm":"store-restored"'));
  }

  /** How often a list was read since the fake has forgotten. */
  get lists(): number {
    return this.fake.requests().requests.filter(({ method }) => method === 'GET').length;
  }
}

const isGiven = (entry: [string, string | undefined]): entry is [string, string] =>
  entry[1] !== undefined;

/** A fake Graph for the tests of the file. */
export function useFake(): { readonly fake: GraphFake } {
  let started: GraphFake | undefined;
  const current = () => {
    if (!started) throw new Error('the fake has not been started');
    return started;
  };
  beforeAll(async () => {
    const fake = await GraphFake.start();
    onTeardown(() => fake.close());
    onTeardown(() => {
      checkWork(fake, MAILBOX_CONCURRENCY);
    });
    started = fake;
  });
  beforeEach(() => {
    current().forget();
  });
  return {
    get fake() {
      return current();
    },
  };
}

export const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `key-${index}`);

export const idsOf = (responses: readonly ProxyResponse[]): unknown[] =>
  responses.map(({ status, body }) => [status, body['id']]);
