import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';

/** Graph allows four requests at a time in each, and the proxy lets others wait. */
const BUSINESSES = 256;

/** Creates of customers that nobody else has, spread over many businesses. */
export class Load {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 128 });
  readonly #url: string;
  readonly #token: string;
  readonly #keyed: boolean;
  #sent = 0;

  /** @param keyed whether each has an Idempotency-Key of its own */
  constructor(url: string, token: string, keyed: boolean) {
    this.#url = url;
    this.#token = token;
    this.#keyed = keyed;
  }

  /** Each of `callers` sends the next when it has its answer. @returns how many ms it took */
  async together(count: number, callers: number): Promise<number> {
    const beganMs = performance.now();
    let left = count;
    const caller = async () => {
      while (left-- > 0) await this.#create();
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return performance.now() - beganMs;
  }

  /**
   * At a steady rate, whoever is slow. @returns the ms of each, from when it was due: what waits
   * because another is slow has waited as well
   */
  async steadily(perSecond: number, seconds: number): Promise<number[]> {
    const under: Promise<number>[] = [];
    const beganMs = performance.now();
    while (under.length < perSecond * seconds) {
      const due = ((performance.now() - beganMs) / 1000) * perSecond;
      while (under.length < due)
        under.push(this.#since(beganMs + (under.length / perSecond) * 1e3));
      await sleep(1);
    }
    return Promise.all(under);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #since(dueMs: number): Promise<number> {
    await this.#create();
    return performance.now() - dueMs;
  }

  #create(): Promise<void> {
    const index = this.#sent++;
    const business = `b${index % BUSINESSES}@contoso.com`;
    const body = JSON.stringify({ ...DOCUMENTED_CUSTOMER, displayName: `Joni ${index}` });
    const url = `${this.#url}/v1.0/solutions/bookingBusinesses/${business}/customers`;
    const headers = {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(this.#keyed && { 'idempotency-key': randomUUID() }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent: this.#agent, headers }, (answer) => {
        answer.resume().once('error', reject);
        answer.once('end', () => {
          if (answer.statusCode === 201) resolve();
          else reject(new Error(`${answer.statusCode ?? 0} and not 201`));
        });
      });
      sent.once('error', reject).end(body);
    });
  }
}
