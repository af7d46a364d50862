import { randomUUID } from 'node:crypto';
import { LEFT, LOST, type Manners } from '../connection.ts';
import type { Ask } from '../load.ts';
import { keyed, Requests } from '../requests.ts';

const KINDS = ['create', 'keyed create', 'page of 100', 'one customer'] as const;

export type Kind = (typeof KINDS)[number];

const TURNS: readonly Kind[] = [
  ...(['create', 'keyed create', 'create', 'page of 100', 'one customer'] as const),
];

/** Lengths that share no factor with one another, nor with the turns: any kind meets any manners. */
const LEAVES_EACH = 37;
const CLOSES_EACH = 53;
/** At once, while it is under way, and some of them when the answer is there already. */
const LEAVES_AFTER_MS = [0, 0, 1, 2];

/** How the requests of one kind ended, by status; `LOST` and `LEFT` are statuses too. */
export type Ends = ReadonlyMap<number, number>;

/** Requests of several kinds, of callers with manners of several kinds, and how they ended. */
export class Traffic {
  readonly #requests: Requests;
  readonly #token: string;
  readonly #mannered: boolean;
  readonly #run = randomUUID().slice(0, 8);
  readonly #ends = new Map<Kind, Map<number, number>>(KINDS.map((kind) => [kind, new Map()]));
  #asked = 0;

  /**
   * @param business what the names of the businesses begin with
   * @param mannered whether callers leave, and close connections
   */
  constructor(business: string, token: string, mannered: boolean) {
    this.#requests = new Requests(business);
    this.#token = token;
    this.#mannered = mannered;
  }

  get asked(): number {
    return this.#asked;
  }

  get ends(): ReadonlyMap<Kind, Ends> {
    return this.#ends;
  }

  /** How many ended so. */
  count(status: number): number {
    return [...this.#ends.values()].reduce((sum, ends) => sum + (ends.get(status) ?? 0), 0);
  }

  get answered(): number {
    const all = [...this.#ends.values()].flatMap((ends) => [...ends.values()]);
    return all.reduce((sum, count) => sum + count, 0) - this.count(LOST) - this.count(LEFT);
  }

  readonly next = (): Ask => {
    this.#asked += 1;
    const kind = TURNS[this.#asked % TURNS.length] ?? 'create';
    const told = (status: number) => {
      const ends = this.#ends.get(kind);
      ends?.set(status, (ends.get(status) ?? 0) + 1);
    };
    return { text: this.#text(kind), told, ...(this.#mannered && this.#manners()) };
  };

  #text(kind: Kind): string {
    switch (kind) {
      case 'create':
        return this.#requests.create(this.#token);
      case 'keyed create': {
        const { body, headers } = keyed(this.#run, this.#asked);
        return this.#requests.create(this.#token, body, headers);
      }
      case 'page of 100':
        return this.#requests.list(this.#token, 100);
      case 'one customer':
        return this.#requests.one(this.#token);
    }
  }

  #manners(): Manners {
    if (this.#asked % CLOSES_EACH === 0) return { closes: true };
    if (this.#asked % LEAVES_EACH !== 0) return {};
    const turn = this.#asked / LEAVES_EACH;
    return { leavesAfterMs: LEAVES_AFTER_MS[turn % LEAVES_AFTER_MS.length] ?? 0 };
  }
}
