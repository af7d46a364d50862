import { performance } from 'node:perf_hooks';
import { GraphError, foldBusinessId } from '@bookings/domain';
import { asError, type RequestDeadline } from './deadline.ts';
import { retryAfterSeconds } from '../retry/retry-after.ts';

export interface MailboxLimiterOptions {
  /** Requests at a time towards one mailbox; Graph's published limit per application is 4. */
  readonly concurrency: number;
  /** How many may wait for one mailbox before the next is shed. */
  readonly queueLimit: number;
}

/** Who wants in, and how long it is willing to wait. */
export interface PlaceRequest extends RequestDeadline {
  /** Whom to be fair to: the calling application. */
  readonly caller: string;
}

/** Gives the place back; calling it again does nothing. */
export type Release = () => void;

interface Waiter {
  readonly request: PlaceRequest;
  readonly admit: (leave: Release) => void;
  readonly refuse: (reason: unknown) => void;
}

interface Mailbox {
  inside: number;
  waiting: number;
  /** In the order in which callers take turns; no queue in it is empty. */
  readonly queues: Map<string, Waiter[]>;
  /** How long a place is held, smoothed; for `Retry-After`. */
  holdMs: number;
}

/**
 * Lets a few requests at a time through to each mailbox. The others wait in a bounded queue in
 * which callers take turns, so that one caller's hundreds do not stand before another's single
 * request. When the queue is full the longest line gives up its newest waiter.
 */
export class MailboxLimiter {
  readonly #mailboxes = new Map<string, Mailbox>();

  constructor(private readonly options: MailboxLimiterOptions) {}

  /**
   * @param business compared without regard to case: one mailbox, however it is written
   * @throws GraphError 429 when shed, 504 when the deadline passes while waiting
   */
  async enter(business: string, request: PlaceRequest): Promise<Release> {
    const key = foldBusinessId(business);
    const mailbox = this.#mailboxOf(key);
    if (mailbox.inside < this.options.concurrency) return this.#admit(key, mailbox);
    if (mailbox.waiting >= this.options.queueLimit) this.#makeRoom(mailbox, request.caller);
    return this.#wait(mailbox, request);
  }

  #mailboxOf(key: string): Mailbox {
    const known = this.#mailboxes.get(key);
    if (known) return known;
    const mailbox = { inside: 0, waiting: 0, queues: new Map(), holdMs: 0 };
    this.#mailboxes.set(key, mailbox);
    return mailbox;
  }

  #admit(key: string, mailbox: Mailbox): Release {
    mailbox.inside += 1;
    const sinceMs = performance.now();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      mailbox.inside -= 1;
      mailbox.holdMs += (performance.now() - sinceMs - mailbox.holdMs) / 8;
      const next = takeNext(mailbox);
      if (next) next.admit(this.#admit(key, mailbox));
      else if (mailbox.inside === 0) this.#mailboxes.delete(key);
    };
  }

  /** Makes the longest line give up its newest waiter, unless the newcomer's own is as long. */
  #makeRoom(mailbox: Mailbox, caller: string): void {
    const own = mailbox.queues.get(caller)?.length ?? 0;
    let longest: Waiter[] = [];
    for (const queue of mailbox.queues.values()) if (queue.length > longest.length) longest = queue;
    const newest = longest.length > own + 1 ? longest.at(-1) : undefined;
    if (!newest) throw this.#shed(mailbox);
    remove(mailbox, newest);
    newest.refuse(this.#shed(mailbox));
  }

  #shed(mailbox: Mailbox): GraphError {
    const waitMs = (mailbox.holdMs * (mailbox.waiting + 1)) / this.options.concurrency;
    return new GraphError('TooManyRequests', 'Too many requests wait for this booking business.', {
      headers: { 'Retry-After': retryAfterSeconds(waitMs) },
    });
  }

  #wait(mailbox: Mailbox, request: PlaceRequest): Promise<Release> {
    return new Promise<Release>((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        request,
        admit: (leave) => {
          settle();
          resolve(leave);
        },
        refuse: (reason) => {
          settle();
          reject(asError(reason));
        },
      };
      const giveUp = (reason: unknown) => {
        remove(mailbox, waiter);
        waiter.refuse(reason);
      };
      const abort = () => {
        giveUp(request.signal.reason);
      };
      const timer = setTimeout(() => {
        giveUp(waitedTooLong());
      }, request.deadlineAtMs - performance.now());
      request.signal.addEventListener('abort', abort);
      add(mailbox, waiter);
    });
  }
}

function waitedTooLong(): GraphError {
  const message = 'The deadline passed while the request waited for its turn at this business.';
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

/** The oldest waiter of the caller whose turn it is; that caller then goes to the end of the line. */
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
