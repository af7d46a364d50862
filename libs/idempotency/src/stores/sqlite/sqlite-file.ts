import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { lateEvent, lateGuard } from '../../late-call.ts';
import { readMachineClocks } from './machine-clocks.ts';
import { beginServing, endServing } from './serving-mark.ts';
import { SqliteClock } from './sqlite-clock.ts';
import { SqliteKeys } from './sqlite-keys.ts';
import {
  type Batch,
  type Command,
  elapsedMs,
  failed,
  notInTime,
  type Replies,
  type Reply,
  type TimedCommand,
} from './sqlite-protocol.ts';
import type { SqliteOptions } from './sqlite-protocol.ts';
import { StoreUnusable } from '../../store.ts';
import { forgetSecret, prepareSchema } from './sqlite-schema.ts';

interface Connection {
  readonly database: DatabaseSync;
  readonly keys: SqliteKeys;
  readonly dataKey: string;
  /** Device and inode: the path may lead to another file later. */
  readonly identity: string;
}

/** Runs batches of commands on the SQLite file. Each batch is one transaction. */
export class SqliteFile {
  readonly #options: SqliteOptions;
  readonly #path: string;
  #connection: Connection | undefined;
  /** The file that was opened first. */
  #first: Pick<Connection, 'dataKey' | 'identity'> | undefined;

  constructor(options: SqliteOptions) {
    this.#options = options;
    this.#path = resolve(options.path);
  }

  /** Never throws. The changes are durable when it returns. */
  run(batch: Batch): Replies {
    try {
      if (batch.some(({ command }) => command.kind === 'open')) this.#create();
      return this.#transact(this.#connect(), batch);
    } catch (error) {
      // The next batch opens the file again, in case the error is permanent for this connection.
      this.close();
      const reply = failed(error);
      return batch.map(() => reply);
    }
  }

  close(): void {
    this.#connection?.database.close();
    this.#connection = undefined;
  }

  #create(): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    // SQLite creates the -wal and -shm files with the mode of this file.
    closeSync(openSync(this.#path, 'a', 0o600));
  }

  #connect(): Connection {
    const identity = this.#identity();
    if (this.#connection?.identity === identity) return this.#connection;
    this.close();
    const { busyTimeoutMs, secrets, clockShift } = this.#options;
    // Without `c` in the mode a missing file is an error. An empty one would forget all keys.
    const url = new URL('?mode=rw', pathToFileURL(this.#path));
    const database = new DatabaseSync(url, { timeout: busyTimeoutMs });
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      const dataKey = prepareSchema(database, secrets);
      const first = (this.#first ??= { dataKey, identity });
      // Another store has other digests. An older copy may need a guard, which a process sets when it
      // starts.
      if (dataKey !== first.dataKey || identity !== first.identity) {
        throw new StoreUnusable(`${this.#options.path} was replaced: restart the process`);
      }
      const clock = new SqliteClock(database, () => readMachineClocks(clockShift));
      this.#connection = { database, keys: new SqliteKeys(database, clock), dataKey, identity };
      return this.#connection;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Detects a file that was removed or replaced: writes to the open one would be lost. */
  #identity(): string {
    const stats = statSync(this.#path, { throwIfNoEntry: false });
    if (!stats) throw Object.assign(new Error(`${this.#options.path} is gone`), { code: 'ENOENT' });
    return `${stats.dev}:${stats.ino}`;
  }

  #transact(connection: Connection, batch: Batch): Replies {
    const { database } = connection;
    database.exec('BEGIN IMMEDIATE');
    try {
      const replies = batch.map((timed) => this.#execute(connection, timed));
      database.exec('COMMIT');
      return replies;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  /** A savepoint limits a failure to its own command, unless it ended the transaction. */
  #execute(connection: Connection, { command, calledAtMs, endsAtMs }: TimedCommand): Reply {
    const nowMs = elapsedMs();
    // The store has given up on it.
    if (nowMs > endsAtMs) return failed(notInTime());
    const { database } = connection;
    database.exec('SAVEPOINT command');
    try {
      const reply = this.#dispatch(connection, command, nowMs - calledAtMs);
      database.exec('RELEASE command');
      return reply;
    } catch (error) {
      if (!database.isTransaction) throw error;
      database.exec('ROLLBACK TO command; RELEASE command');
      return failed(error);
    }
  }

  #dispatch({ database, keys, dataKey }: Connection, command: Command, lateMs: number): Reply {
    switch (command.kind) {
      case 'open':
        return { kind: 'opened', dataKey };
      case 'apply': {
        const event = lateEvent(command.event, lateMs);
        return { kind: 'applied', outcome: keys.apply(command.key, event) };
      }
      case 'purge':
        return { kind: 'purged', count: keys.purge(command.retentionMs, command.limit) };
      case 'owned':
        return { kind: 'found', customers: keys.owned(command.customers) };
      case 'statistics':
        return { kind: 'counted', statistics: keys.statistics() };
      case 'unknown-keys':
        return { kind: 'listed', keys: keys.unknownKeys(command.limit, command.key) };
      case 'age':
        return { kind: 'aged', ms: keys.age() };
      case 'known':
        return { kind: 'recognized', keys: keys.known(command.keys) };
      case 'guard':
        keys.guard(lateGuard(command.request, lateMs));
        return { kind: 'guarded' };
      case 'begin-serving':
        return { kind: 'serving', isTakeover: beginServing(database, command.process) };
      case 'end-serving':
        endServing(database, command.process);
        return { kind: 'not-serving' };
      case 'forget-secret': {
        const { current } = this.#options.secrets;
        return { kind: 'forgotten', forgotten: forgetSecret(database, current, command.secret) };
      }
    }
  }
}
