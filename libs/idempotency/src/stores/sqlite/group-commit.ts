import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  CLOSE,
  type Command,
  type Replies,
  type Reply,
  type SqliteOptions,
} from './sqlite-protocol.ts';

/** The most commands in one transaction. It limits how long other processes wait for the file. */
const MAX_BATCH = 256;

/** The file extension is `.ts` in the source and `.js` in the build and in the bundle. */
const WORKER = new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url);

interface PendingCommand {
  readonly command: Command;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends commands to the worker in batches. Commands that arrive while a batch is running form the
 * next one. A batch is one transaction, so it waits for the disk once.
 */
export class GroupCommit {
  readonly #options: SqliteOptions;
  #worker: Worker | undefined;
  #waiting: PendingCommand[] = [];
  #running: PendingCommand[] = [];
  #closing = false;

  constructor(options: SqliteOptions) {
    this.#options = options;
  }

  execute(command: Command): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#closing) {
        reject(new Error('the store has been closed'));
        return;
      }
      this.#waiting.push({ command, resolve, reject });
      // Deferred, so that commands of the same turn of the event loop share a transaction.
      if (this.#waiting.length === 1) setImmediate(this.#next);
    });
  }

  /** Resolves when all commands are finished and the file is closed. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#next();
    // Waiting commands start another worker when one ends with an error.
    while (this.#worker) {
      const worker = this.#worker;
      worker.ref();
      // Not `once` of node:events, which rejects when the worker emits `error`.
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      if (this.#isIdle) worker.postMessage(CLOSE);
      await ended;
    }
  }

  get #isIdle(): boolean {
    return this.#waiting.length === 0 && this.#running.length === 0;
  }

  readonly #next = (): void => {
    if (this.#running.length > 0 || this.#waiting.length === 0) return;
    this.#running = this.#waiting.splice(0, MAX_BATCH);
    this.#worker ??= this.#start();
    // Only a worker with commands keeps the process alive.
    this.#worker.ref();
    this.#worker.postMessage(this.#running.map(({ command }) => command));
  };

  #start(): Worker {
    const worker = new Worker(WORKER, { workerData: this.#options, name: 'idempotency' });
    worker.on('message', (replies: Replies) => {
      this.#onReplies(replies);
    });
    worker.once('error', (error) => {
      this.#onEnd(worker, error);
    });
    worker.once('exit', () => {
      this.#onEnd(worker, undefined);
    });
    return worker;
  }

  #onReplies(replies: Replies): void {
    const finished = this.#running;
    this.#running = [];
    this.#next();
    // A worker that closes keeps the process alive until it has ended.
    if (this.#running.length === 0 && !this.#closing) this.#worker?.unref();
    if (this.#closing && this.#isIdle) this.#worker?.postMessage(CLOSE);
    finished.forEach(({ resolve, reject }, index) => {
      const reply = replies[index];
      if (reply) resolve(reply);
      else reject(new Error('the worker of the store did not reply'));
    });
  }

  /** The next command starts another worker. */
  #onEnd(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const finished = this.#running;
    this.#running = [];
    for (const { reject } of finished)
      reject(new Error('the worker of the store has ended', { cause }));
    if (this.#waiting.length > 0) this.#next();
  }
}
