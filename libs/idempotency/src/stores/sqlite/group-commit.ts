import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  CLOSE,
  type Command,
  elapsedMs,
  notInTime,
  type Replies,
  type Reply,
  type SqliteOptions,
  type TimedCommand,
} from './sqlite-protocol.ts';

/** The most commands in one transaction. It limits how long other processes wait for the file. */
const MAX_BATCH = 256;

/** The file extension is `.ts` in the source and `.js` in the build and in the bundle. */
const WORKER = new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url);

interface PendingCommand extends TimedCommand {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends commands to the worker in batches. Commands that arrive while a batch is running form the
 * next one. A batch is one transaction, so it waits for the disk once.
 *
 * A disk that hangs must not hold up requests, so each command has a time limit. One that waits is
 * then given up. One that the worker has may still be applied, as with a timeout of PostgreSQL, and
 * before all later ones. The protocol allows for it:
 * - What a request applies after it (`release`, a second `complete`) comes after it here as well.
 * - A late `acquire` or `send` holds the key until its lease expires. After `send` the outcome then
 *   counts as unknown, although nothing was sent: the next request looks the customer up.
 * - The worker begins nothing whose time is over. Of what it begins late, the times that count back
 *   still count from the call.
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

  /** @throws Error when the worker cannot be used, or does not reply in time */
  async execute(command: Command): Promise<Reply> {
    if (this.#closing) throw new Error('the store has been closed');
    // Opening has no limit: it migrates large files, and each retry would add a blocked thread.
    const timeoutMs = command.kind === 'open' ? Infinity : this.#options.replyTimeoutMs;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const calledAtMs = elapsedMs();
    const endsAtMs = calledAtMs + timeoutMs;
    const pending = { command, calledAtMs, endsAtMs, resolve, reject };
    this.#waiting.push(pending);
    // Deferred, so that commands of the same turn of the event loop share a transaction.
    if (this.#waiting.length === 1) setImmediate(this.#next);
    if (timeoutMs === Infinity) return promise;
    const timer = setTimeout(() => {
      this.#giveUp(pending);
    }, timeoutMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
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

  #giveUp(pending: PendingCommand): void {
    const index = this.#waiting.indexOf(pending);
    if (index !== -1) this.#waiting.splice(index, 1);
    pending.reject(notInTime());
  }

  readonly #next = (): void => {
    if (this.#running.length > 0 || this.#waiting.length === 0) return;
    this.#running = this.#waiting.splice(0, MAX_BATCH);
    this.#worker ??= this.#start();
    // Only a worker with commands keeps the process alive.
    this.#worker.ref();
    // Functions cannot be posted.
    const batch = this.#running.map(({ resolve, reject, ...timed }) => timed);
    this.#worker.postMessage(batch);
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
