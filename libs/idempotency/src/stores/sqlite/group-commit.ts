import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  CLOSE,
  type Command,
  type Replies,
  type Reply,
  type SqliteOptions,
} from './sqlite-protocol.ts';

/** Beyond this the others who share the file would wait too long for their turn. */
const LARGEST_BATCH = 256;

/** `.ts` from the source; `.js` compiled, and in the bundle, where the two lie side by side. */
const WORKER = new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url);

interface Asked {
  readonly command: Command;
  readonly answer: (reply: Reply) => void;
  readonly fail: (error: Error) => void;
}

/**
 * The worker, and who waits for it. Whatever is asked while it is at work waits, and then goes into
 * one transaction: the disk is waited for once per batch.
 */
export class GroupCommit {
  readonly #options: SqliteOptions;
  #worker: Worker | undefined;
  #waiting: Asked[] = [];
  #underWay: Asked[] = [];
  #closing = false;

  constructor(options: SqliteOptions) {
    this.#options = options;
  }

  ask(command: Command): Promise<Reply> {
    return new Promise((answer, fail) => {
      if (this.#closing) {
        fail(new Error('the store has been closed'));
        return;
      }
      this.#waiting.push({ command, answer, fail });
      // Later: what else is asked in this turn of the event loop, by whoever's request has come in,
      // goes into the same transaction.
      if (this.#waiting.length === 1) setImmediate(this.#next);
    });
  }

  /** Resolves when all that was asked has been answered and the file is closed. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#next();
    const worker = this.#worker;
    if (!worker) return;
    worker.ref();
    const ended = once(worker, 'exit');
    if (this.#isIdle) worker.postMessage(CLOSE);
    await ended;
  }

  get #isIdle(): boolean {
    return this.#waiting.length === 0 && this.#underWay.length === 0;
  }

  readonly #next = (): void => {
    if (this.#underWay.length > 0 || this.#waiting.length === 0) return;
    this.#underWay = this.#waiting.splice(0, LARGEST_BATCH);
    this.#worker ??= this.#start();
    // Nobody waits for a worker without work: it must not keep the process alive.
    this.#worker.ref();
    this.#worker.postMessage(this.#underWay.map(({ command }) => command));
  };

  #start(): Worker {
    const worker = new Worker(WORKER, { workerData: this.#options, name: 'idempotency' });
    worker.on('message', (replies: Replies) => {
      this.#settle(replies);
    });
    worker.once('error', (error) => {
      this.#lose(worker, error);
    });
    worker.once('exit', () => {
      this.#lose(worker, undefined);
    });
    return worker;
  }

  #settle(replies: Replies): void {
    const asked = this.#underWay;
    this.#underWay = [];
    this.#next();
    if (this.#underWay.length === 0) this.#worker?.unref();
    if (this.#closing && this.#isIdle) this.#worker?.postMessage(CLOSE);
    asked.forEach(({ answer, fail }, index) => {
      const reply = replies[index];
      if (reply) answer(reply);
      else fail(new Error('the worker of the store did not answer'));
    });
  }

  /** The next command starts another. */
  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const asked = this.#underWay;
    this.#underWay = [];
    for (const { fail } of asked) fail(new Error('the worker of the store has ended', { cause }));
    if (this.#waiting.length > 0) this.#next();
  }
}
