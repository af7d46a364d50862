import {
  IdempotencyStore,
  type StoreFigures,
  StoreUnusable,
  type UnknownKey,
} from '../../store.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { GroupCommit } from './group-commit.ts';
import type { Command, Reply, SqliteOptions } from './sqlite-protocol.ts';

/** A file of this machine's, written by a thread of its own. Processes may share it. */
export class SqliteStore extends IdempotencyStore {
  readonly #commits: GroupCommit;

  private constructor(options: SqliteOptions) {
    super();
    this.#commits = new GroupCommit(options);
  }

  /**
   * Makes the file and its folder where they are absent, readable by their owner alone.
   *
   * @param secretCheck tells one secret from another without telling it
   * @param busyTimeoutMs how long a transaction waits for those of other processes; 2 s
   * @throws StoreUnusable when it is of a later release or of another secret
   */
  static async open(
    path: string,
    { secretCheck, busyTimeoutMs = 2000 }: { secretCheck: string; busyTimeoutMs?: number },
  ): Promise<SqliteStore> {
    const store = new SqliteStore({ path, secretCheck, busyTimeoutMs });
    try {
      await store.#ask('opened', { kind: 'open' });
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  override async apply(key: string, event: KeyEvent): Promise<KeyOutcome> {
    const { outcome } = await this.#ask('applied', { kind: 'apply', key, event: alone(event) });
    return outcome;
  }

  override async owned(customers: readonly string[]): Promise<readonly string[]> {
    return (await this.#ask('found', { kind: 'owned', customers })).customers;
  }

  override async purge(retentionMs: number, limit: number): Promise<number> {
    return (await this.#ask('purged', { kind: 'purge', retentionMs, limit })).count;
  }

  override async figures(): Promise<StoreFigures> {
    return (await this.#ask('counted', { kind: 'figures' })).figures;
  }

  override async unknownKeys(limit: number): Promise<readonly UnknownKey[]> {
    return (await this.#ask('listed', { kind: 'unknown-keys', limit })).keys;
  }

  override async unavailable(): Promise<string | undefined> {
    try {
      await this.#ask('probed', { kind: 'probe' });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  override close(): Promise<void> {
    return this.#commits.close();
  }

  async #ask<K extends Reply['kind']>(
    kind: K,
    command: Command,
  ): Promise<Extract<Reply, { kind: K }>> {
    const reply = await this.#commits.ask(command);
    if (isOf(kind, reply)) return reply;
    if (reply.kind !== 'failed')
      throw new TypeError(`${reply.kind} is no answer to ${command.kind}`);
    if (reply.unusable) throw new StoreUnusable(reply.message);
    throw new Error(`the store cannot be used: ${reply.message}`);
  }
}

function isOf<K extends Reply['kind']>(
  kind: K,
  reply: Reply,
): reply is Extract<Reply, { kind: K }> {
  return reply.kind === kind;
}

/** Without the rest of a buffer that its answer may be a part of: the whole of it would be copied. */
function alone(event: KeyEvent): KeyEvent {
  return event.kind === 'done' ? { ...event, answer: new Uint8Array(event.answer) } : event;
}
