import { beforeEach, expect } from '@jest/globals';
import { type Fault, proxyEnvironment } from '@bookings/graph-fake';
import { PostgresServer } from '@bookings/idempotency/testing';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, customersPath } from './documented.ts';
import { graphError, respond } from './faults.ts';
import { type CommandResult, runKeys } from './keys-process.ts';
import { type Stack, useStack } from './stack.ts';
import { onTeardown } from './teardown.ts';
import { stateUrl } from './temporary-folder.ts';

const STATE_SECRET = 'a secret that is long enough';
export const OTHER_BUSINESS = 'Fabrikamdinner@contoso.onmicrosoft.com';
export const ADELE = {
  displayName: 'Adele Vance',
  emailAddress: 'adelev@proseware.com',
  addresses: [],
  phones: [],
};

interface LostCreate {
  readonly business?: string;
  readonly body?: object;
  readonly token?: string;
}

/** Creates with an unknown outcome, and the command that an operator has for them. */
export class LostCreates {
  readonly audit = new AuditFolder();
  readonly stack: Stack;
  url = '';

  /** @param store the kind of store */
  constructor(store: 'sqlite' | 'postgres') {
    this.stack = useStack(
      async () => {
        this.url = store === 'sqlite' ? stateUrl() : await postgresUrl();
        return {
          STATE_URL: this.url,
          STATE_SECRET,
          AUDIT_FILE: this.audit.file,
          IDEMPOTENCY_SETTLE_MS: '50',
        };
      },
      { businesses: [BUSINESS, OTHER_BUSINESS] },
    );
    beforeEach(() => this.audit.clear());
  }

  /** Runs the command with the settings of the proxy, except for what `settings` change. */
  keys(args: readonly string[], settings: Record<string, string> = {}): Promise<CommandResult> {
    const graph = proxyEnvironment(this.stack.fake);
    const store = { STATE_URL: this.url, STATE_SECRET, IDEMPOTENCY_SETTLE_MS: '50' };
    return runKeys({ ...graph, ...store, ...settings }, ...args);
  }

  /** @param key spaces become dashes, because a key has none */
  create(key: string, { business = BUSINESS, body = ADELE, token }: LostCreate = {}) {
    return this.stack.create({
      path: customersPath(business),
      headers: { 'idempotency-key': key.replaceAll(' ', '-') },
      body: JSON.stringify(body),
      ...(token !== undefined && { token }),
    });
  }

  /**
   * Sends a create that stays unknown: its answer is lost, and so is the list after it.
   *
   * @returns the digest of its key
   */
  async lose(key: string, fault: Fault, options?: LostCreate): Promise<string> {
    this.stack.fake.script([fault, respond(403, graphError('ErrorAccessDenied'))]);
    const { status, innerError } = await this.create(key, options);
    expect([status, innerError['outcome']]).toEqual([504, 'unknown']);
    return this.lastDigest();
  }

  async lastDigest(): Promise<string> {
    return String((await this.audit.records()).at(-1)?.['keyDigest']);
  }

  /** The lines of `keys unknown`, by digest. */
  async unknown(): Promise<ReadonlyMap<string, string>> {
    const { stdout } = await this.keys(['unknown']);
    return linesByDigest(stdout);
  }
}

/** The rest of each line, by the digest that it begins with. */
export function linesByDigest(text: string): ReadonlyMap<string, string> {
  const lines = text.trimEnd().split('\n');
  return new Map(
    lines.map((line) => [line.split('\t', 1)[0] ?? '', line.split('\t').slice(1).join()]),
  );
}

async function postgresUrl(): Promise<string> {
  const server = await PostgresServer.start();
  onTeardown(() => server.stop());
  return server.createDatabase();
}
