import { performance } from 'node:perf_hooks';
import { GraphError, foldBusinessId } from '@bookings/domain';
import { asError, type RequestDeadline } from '../transport/deadline.ts';
import { retryAfterSeconds } from '../transport/retry-after.ts';

export interface MailboxLimiterOptions {
  /** Concurrent requests to one mailbox. Graph's published limit per application is 4. */
  readonly concurrency: number;
  /** Requests that may wait for one mailbox. */
  readonly queueLimit: number;
}

export interface LimiterRequest extends RequestDeadline {
  /** The calling application, for fairness between callers. */
  readonly caller: string;
}

/** Releases the place at the mailbox. Further calls do nothing. */
export type Release = () => void;

interface Waiter {
  readonly request: LimiterRequest;
  readonly grant: (release: Release) => void;
  readonly reject: (reason: unknown) => void;
}

interface Mailbox {
  active: number;
  waiting: number;
  /** Waiters by caller, in the order of turns. No queue is empty. */
  readonly queues: Map<string, Waiter[]>;
  /** Moving average of the time that a place is held; for `Retry-After`. */
  holdMs: number;
}

/**
 * Limits the concurrent requests to each mailbox. Other requests wait in a bounded queue, in which
 * callers take turns. When the queue is full, the newest waiter of the caller with most waiters is
 * rejected.
 */
export class MailboxLimiter {
  readonly #mailboxes = new Map<string, Mailbox>();

  constructor(private readonly options: MailboxLimiterOptions) {}

  /**
   * Waits for a place at the mailbox.
   *
   * @param business compared without regard to letter case
   * @throws GraphError 429 when the queue is full, 504 when the deadline passes
   */
  async acquire(business: string, request: LimiterRequest): Promise<Release> {
    // An event listener would not hear of an abort that has already happened.
    if (request.signal.aborted) throw asError(request.signal.reason);
    const key = foldBusinessId(business);
    const mailbox = this.#mailboxOf(key);
    if (mailbox.active < this.options.concurrency) return this.#grant(key, mailbox);
    if (mailbox.waiting >= this.options.queueLimit) this.#makeRoom(mailbox, request.caller);
    return this.#wait(mailbox, request);
  }

  #mailboxOf(key: string): Mailbox {
    const known = this.#mailboxes.get(key);
    if (known) return known;
    const mailbox = { active: 0, waiting: 0, queues: new Map(), holdMs: 0 };
    this.#mailboxes.set(key, mailbox);
    return mailbox;
  }

  #grant(key: string, mailbox: Mailbox): Release {
    mailbox.active += 1;
    const startedMs = performance.now();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      mailbox.active -= 1;
      mailbox.holdMs += (performance.now() - startedMs - mailbox.holdMs) / 8;
      const next = takeNext(mailbox);
      if (next) next.grant(this.#grant(key, mailbox));
      else if (mailbox.active === 0) this.#mailboxes.delete(key);
    };
  }

  /** Rejects the newest waiter of the longest queue, or throws unless that queue is longer than the caller's by at least two. */
  #makeRoom(mailbox: Mailbox, caller: string): void {
    const own = mailbox.queues.get(caller)?.length ?? 0;
    let longest: Waiter[] = [];
    for (const queue of mailbox.queues.values()) if (queue.length > longest.length) longest = queue;
    const newest = longest.length > own + 1 ? longest.at(-1) : undefined;
    if (!newest) throw this.#queueFull(mailbox);
    remove(mailbox, newest);
    newest.reject(this.#queueFull(mailbox));
  }

  #queueFull(mailbox: Mailbox): GraphError {
    const retryDelayMs = (mailbox.holdMs * (mailbox.waiting + 1)) / this.options.concurrency;
    return new GraphError('TooManyRequests', 'Too many requests wait for this booking business.', {
      headers: { 'Retry-After': retryAfterSeconds(retryDelayMs) },
    });
  }

  #wait(mailbox: Mailbox, request: LimiterRequest): Promise<Release> {
    return new Promise<Release>((resolve, reject) => {
      const cleanUp = () => {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        request,
        grant: (release) => {
          cleanUp();
          resolve(release);
        },
        reject: (reason) => {
          cleanUp();
          reject(asError(reason));
        },
      };
      const giveUp = (reason: unknown) => {
        remove(mailbox, waiter);
        waiter.reject(reason);
      };
      const abort = () => {
        giveUp(request.signal.reason);
      };
      const timer = setTimeout(() => {
        giveUp(deadlinePassed());
      }, request.deadlineAtMs - performance.now());
      request.signal.addEventListener('abort', abort);
      add(mailbox, waiter);
    });
  }
}

function deadlinePassed(): GraphError {
  const message = 'The deadline passed while the request waited for this booking business.';
  return new GraphError('GatewayTimeout', message, { outcome: 'not-sent' });
}

function add(mailbox: Mailbox, waiter: Waiter): void {
  const queue = mailbox.queues.get(waiter.request.caller);
  if (queue) queue.push(waiter);
  else mailbox.queues.set(waiter.request.caller, [waiter]);
  mailbox.waiting += 1;
}

function remove(mailbox: Mailbox, waiter: Waiter): void {
  const { caller } = waiter.request;
  const queue = mailbox.queues.get(caller) ?? [];
  queue.splice(queue.indexOf(waiter), 1);
  if (queue.length === 0) mailbox.queues.delete(caller);
  mailbox.waiting -= 1;
}

/** Takes the oldest waiter of the next caller and moves that caller to the end of the turns. */
function takeNext(mailbox: Mailbox): Waiter | undefined {
  for (const [caller, queue] of mailbox.queues) {
    const next = queue.shift();
    mailbox.queues.delete(caller);
    if (queue.length > 0) mailbox.queues.set(caller, queue);
    mailbox.waiting -= 1;
    return next;
  }
  return undefined;
}
