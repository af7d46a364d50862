import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { SqliteKeys } from './sqlite-keys.ts';
import { type Batch, type Command, failed, type Replies, type Reply } from './sqlite-protocol.ts';
import type { SqliteOptions } from './sqlite-protocol.ts';
import { prepareSchema, probe } from './sqlite-schema.ts';

interface Connection {
  readonly database: DatabaseSync;
  readonly keys: SqliteKeys;
  /** Which file it is, whatever its name stands for later. */
  readonly identity: string;
}

/** The file, and the one way to it: batches of commands, each a transaction. */
export class SqliteFile {
  readonly #options: SqliteOptions;
  readonly #path: string;
  #connection: Connection | undefined;

  constructor(options: SqliteOptions) {
    this.#options = options;
    this.#path = resolve(options.path);
  }

  /** Does not throw. What it answers is on the disk. */
  run(batch: Batch): Replies {
    try {
      if (batch.some(({ kind }) => kind === 'open')) this.#create();
      return this.#transact(this.#connect(), batch);
    } catch (error) {
      // Whatever it was: the next batch begins anew, and finds out whether it is over.
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
    // SQLite gives its log and its shared memory the mode of the file.
    closeSync(openSync(this.#path, 'a', 0o600));
  }

  #connect(): Connection {
    const identity = this.#identity();
    if (this.#connection?.identity === identity) return this.#connection;
    this.close();
    const { busyTimeoutMs, secretCheck } = this.#options;
    // A file that is not there is not made: what it remembered would silently be forgotten.
    const url = new URL('?mode=rw', pathToFileURL(this.#path));
    const database = new DatabaseSync(url, { timeout: busyTimeoutMs });
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      prepareSchema(database, secretCheck);
      this.#connection = { database, keys: new SqliteKeys(database), identity };
      return this.#connection;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** A file that was removed can still be written, and nobody would ever read it. */
  #identity(): string {
    const stats = statSync(this.#path, { throwIfNoEntry: false });
    if (!stats) throw new Error(`${this.#options.path} is gone`);
    return `${stats.dev}:${stats.ino}`;
  }

  #transact({ database, keys }: Connection, batch: Batch): Replies {
    database.exec('BEGIN IMMEDIATE');
    try {
      const replies = batch.map((command) => perform(database, keys, command));
      database.exec('COMMIT');
      return replies;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** What fails takes nothing of its neighbours with it, unless it ended the whole transaction. */
function perform(database: DatabaseSync, keys: SqliteKeys, command: Command): Reply {
  database.exec('SAVEPOINT command');
  try {
    const reply = carryOut(database, keys, command);
    database.exec('RELEASE command');
    return reply;
  } catch (error) {
    if (!database.isTransaction) throw error;
    database.exec('ROLLBACK TO command; RELEASE command');
    return failed(error);
  }
}

function carryOut(database: DatabaseSync, keys: SqliteKeys, command: Command): Reply {
  switch (command.kind) {
    case 'open':
      return { kind: 'opened' };
    case 'apply':
      return { kind: 'applied', outcome: keys.apply(command.key, command.event) };
    case 'purge':
      return { kind: 'purged', count: keys.purge(command.retentionMs, command.limit) };
    case 'owned':
      return { kind: 'found', customers: keys.owned(command.customers) };
    case 'figures':
      return { kind: 'counted', figures: keys.figures() };
    case 'unknown-keys':
      return { kind: 'listed', keys: keys.unknownKeys(command.limit) };
    case 'probe':
      probe(database);
      return { kind: 'probed' };
  }
}
