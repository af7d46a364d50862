import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';

/** Used as a status without a response. */
export const LOST = 0;
/** Used as a status when the caller left. */
export const LEFT = -1;
/** How long a caller waits after a failure. */
const AFTER_FAILURE_MS = 200;

export interface Call {
  /** The address of a process. */
  readonly url: string;
  readonly business: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** The caller leaves if there is no response after this time. */
  readonly leavesAfterMs?: number | undefined;
}

export interface Answer {
  readonly status: number;
  readonly tookMs: number;
}

export interface TimedAnswer extends Answer {
  /** Whether it came after the time that was measured. */
  readonly isLate: boolean;
}

/** A calling application, with kept connections. */
export class Client {
  readonly #agent = new Agent();
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  async send({ url, business, method = 'GET', headers, leavesAfterMs }: Call): Promise<Answer> {
    const path = `/v1.0/solutions/bookingBusinesses/${business}/customers`;
    const isRead = method === 'GET';
    const left = leavesAfterMs === undefined ? undefined : AbortSignal.timeout(leavesAfterMs);
    const beganMs = performance.now();
    const status = await request(`${url}${path}${isRead ? '?$top=1' : ''}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(!isRead && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: isRead ? null : newCustomer(),
      ...(left && { signal: left }),
    }).then(
      async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      },
      () => (left?.aborted ? LEFT : LOST),
    );
    return { status, tookMs: performance.now() - beganMs };
  }

  /** Sends one request after the other, `atATime` of them in parallel. */
  async keepSending(
    atATime: number,
    next: () => Call,
    isOver: () => boolean,
  ): Promise<readonly TimedAnswer[]> {
    const answers: TimedAnswer[] = [];
    const send = async () => {
      while (!isOver()) {
        const answer = await this.send(next());
        answers.push({ ...answer, isLate: isOver() });
        if (answer.status !== LEFT && !succeeded(answer)) await sleep(AFTER_FAILURE_MS);
      }
    };
    await Promise.all(Array.from({ length: atATime }, send));
    return answers;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** Two equal creates at a time would be refused. */
function newCustomer(): string {
  return JSON.stringify({ ...DOCUMENTED_CUSTOMER, emailAddress: `${randomUUID()}@contoso.com` });
}

export function succeeded({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** How many requests were served in the time that was measured. */
export function servedInTime(answers: readonly TimedAnswer[]): number {
  return answers.filter((answer) => succeeded(answer) && !answer.isLate).length;
}

/** A function that says whether so many seconds have passed since its creation. */
export function after(seconds: number): () => boolean {
  const endMs = performance.now() + seconds * 1000;
  return () => performance.now() >= endMs;
}
