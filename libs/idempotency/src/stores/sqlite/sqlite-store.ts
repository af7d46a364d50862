import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { StoreSecrets } from '../../data-key.ts';
import {
  type ForgottenSecret,
  IdempotencyStore,
  type StoreStatistics,
  StoreUnusable,
  type UnknownKey,
} from '../../store.ts';
import type { GuardRequest } from '../../guard.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { StoreFailure } from '../store-failure.ts';
import { GroupCommit } from './group-commit.ts';
import type { ClockShift } from './machine-clocks.ts';
import type { Command, Reply } from './sqlite-protocol.ts';

export interface SqliteStoreOptions {
  readonly secrets: StoreSecrets;
  /** How long a transaction waits for other processes; 2 s by default. */
  readonly busyTimeoutMs?: number;
  /** How long a call waits for the disk; 5 s by default. */
  readonly replyTimeoutMs?: number;
  /** For tests. */
  readonly clockShift?: ClockShift;
}

/** A local SQLite file, written by a worker thread. Processes on one machine may share it. */
export class SqliteStore extends IdempotencyStore {
  readonly #commits: GroupCommit;
  override readonly dataKey: string;
  readonly #process = randomUUID();
  #isServing = false;
  /** When this process took over from one that has not ended its serving. */
  #tookOverAtMs = -Infinity;

  private constructor(commits: GroupCommit, dataKey: string) {
    super();
    this.#commits = commits;
    this.dataKey = dataKey;
  }

  /**
   * Creates a missing file and its folder. Only their owner can read them.
   *
   * @throws StoreUnusable when the file is of a later release, or no secret opens it
   */
  static async open(
    path: string,
    { busyTimeoutMs = 2000, replyTimeoutMs = 5000, ...options }: SqliteStoreOptions,
  ): Promise<SqliteStore> {
    const commits = new GroupCommit({ path, busyTimeoutMs, replyTimeoutMs, ...options });
    try {
      const { dataKey } = await execute(commits, 'opened', { kind: 'open' });
      return new SqliteStore(commits, dataKey);
    } catch (error) {
      await commits.close();
      throw error;
    }
  }

  override async apply(key: string, event: KeyEvent): Promise<KeyOutcome> {
    const { outcome } = await this.#execute('applied', {
      kind: 'apply',
      key,
      event: withOwnBuffer(event),
    });
    return outcome;
  }

  override async owned(customers: readonly string[]): Promise<readonly string[]> {
    return (await this.#execute('found', { kind: 'owned', customers })).customers;
  }

  override async purge(retentionMs: number, limit: number): Promise<number> {
    return (await this.#execute('purged', { kind: 'purge', retentionMs, limit })).count;
  }

  override async statistics(): Promise<StoreStatistics> {
    return (await this.#execute('counted', { kind: 'statistics' })).statistics;
  }

  override async unknownKeys(limit: number, key?: string): Promise<readonly UnknownKey[]> {
    return (await this.#execute('listed', { kind: 'unknown-keys', limit, key })).keys;
  }

  override async age(): Promise<number | undefined> {
    return (await this.#execute('aged', { kind: 'age' })).ms;
  }

  override async known(keys: readonly string[]): Promise<readonly string[]> {
    return (await this.#execute('recognized', { kind: 'known', keys })).keys;
  }

  override async guard(request: GuardRequest): Promise<void> {
    await this.#execute('guarded', { kind: 'guard', request });
  }

  override async forgetSecret(secret: string): Promise<ForgottenSecret> {
    return (await this.#execute('forgotten', { kind: 'forget-secret', secret })).forgotten;
  }

  override async beginServing(): Promise<void> {
    const { isTakeover } = await this.#execute('serving', {
      kind: 'begin-serving',
      process: this.#process,
    });
    this.#isServing = true;
    if (isTakeover) this.#tookOverAtMs = performance.now();
  }

  /** The creates of a process that was killed began before this one took over. */
  override othersMayRunForMs(createMs: number): number {
    return Math.ceil(Math.max(0, this.#tookOverAtMs + createMs - performance.now()));
  }

  override async close(): Promise<void> {
    // The commands before it are finished first, and later ones are rejected.
    const ended = this.#isServing
      ? this.#execute('not-serving', { kind: 'end-serving', process: this.#process })
      : Promise.resolve();
    // If the mark stays, the next process assumes that this one was killed.
    await Promise.allSettled([ended, this.#commits.close()]);
  }

  #execute<K extends Reply['kind']>(
    kind: K,
    command: Command,
  ): Promise<Extract<Reply, { kind: K }>> {
    return execute(this.#commits, kind, command);
  }
}

async function execute<K extends Reply['kind']>(
  commits: GroupCommit,
  kind: K,
  command: Command,
): Promise<Extract<Reply, { kind: K }>> {
  const reply = await commits.execute(command);
  if (hasKind(kind, reply)) return reply;
  if (reply.kind !== 'failed') {
    throw new TypeError(`the reply to ${command.kind} is ${reply.kind}`);
  }
  if (reply.unusable) throw new StoreUnusable(reply.message);
  throw new StoreFailure(reply.message, reply.code);
}

function hasKind<K extends Reply['kind']>(
  kind: K,
  reply: Reply,
): reply is Extract<Reply, { kind: K }> {
  return reply.kind === kind;
}

/** Copies the response: posting a view of a buffer to a worker would copy the whole buffer. */
function withOwnBuffer(event: KeyEvent): KeyEvent {
  return 'response' in event ? { ...event, response: new Uint8Array(event.response) } : event;
}
