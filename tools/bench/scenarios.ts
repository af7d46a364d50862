import { randomUUID } from 'node:crypto';
import type { Load, NextRequest } from './load.ts';
import { every, INVALID_BODY, keyed, Requests } from './requests.ts';
import { forged, type TokenMaker } from './tokens.ts';

/** `straight` is the upstream itself, with nothing before it. */
export type Target = 'proxy' | 'bare' | 'fastify' | 'nest' | 'straight';

export const SERVERS = ['proxy', 'bare', 'fastify', 'nest'] as const satisfies readonly Target[];

/** What a server is measured with. */
export interface Workload {
  readonly id: string;
  readonly load: Load;
  /** Statuses that are right. */
  readonly expected: readonly number[];
  /** Makes what one target is asked in one round; it is the same for all of them. */
  readonly requests: (round: number) => Promise<NextRequest>;
}

export interface Scenario extends Workload {
  readonly title: string;
  readonly targets: readonly Target[];
}

export interface Plan {
  readonly long: boolean;
  readonly perSecond: number;
}

const PROXY: readonly Target[] = ['proxy'];

/** Enough for the fastest, which asks 8,000 times a second: a run ends when there are no more. */
const UNSEEN_PER_SECOND = 1600;

/** Everything that is measured; the first is what servers are warmed up with. */
export async function scenarios(tokens: TokenMaker, plan: Plan): Promise<readonly Scenario[]> {
  const token = await tokens.make();
  const powerless = await tokens.make(['Bookings.Read.All']);
  const usual = new Requests('b');
  const slow = new Requests('slow');
  const forgery = forged(token, powerless);
  // Short runs and more rounds: a machine is half as fast for a minute now and then, whoever is measured.
  const seconds = plan.long ? 3 : 2;
  // V8 gives back some of what it has compiled while a server waits for its turn.
  const saturated: Load = { connections: 64, warmSeconds: 1.5, seconds };
  // V8 collects a whole heap every few seconds: a shorter run has such a pause in its p99, or has none.
  const atRate: Load = { ...saturated, perSecond: plan.perSecond, seconds: plan.long ? 8 : 2 };
  const brief: Load = { ...saturated, seconds: plan.long ? 2 : 1.3 };

  const create = () => usual.create(token);
  const always = (next: NextRequest) => () => Promise.resolve(next);
  const unseen = (usually: NextRequest) => {
    const pools = new Map<number, Promise<string[]>>();
    return async (round: number) => {
      const wholeSeconds = saturated.warmSeconds + saturated.seconds;
      const pool = pools.get(round) ?? tokens.makeMany(wholeSeconds * UNSEEN_PER_SECOND);
      pools.set(round, pool);
      const fresh = (await pool).values();
      const special = () => {
        const { value } = fresh.next();
        return value === undefined ? undefined : usual.create(value);
      };
      return every(5, special, usually);
    };
  };
  const withKeys = () => {
    const run = randomUUID().slice(0, 8);
    let index = 0;
    return Promise.resolve(() => {
      const { body, headers } = keyed(run, (index += 1));
      return usual.create(token, body, headers);
    });
  };
  const invalid = every(10, () => usual.create(token, INVALID_BODY), create);
  const refused = (id: string, title: string, status: number, next: NextRequest): Scenario => ({
    ...{ id, title, targets: PROXY, load: brief, expected: [status], requests: always(next) },
  });
  const page = (size: number, targets: readonly Target[]): Scenario => ({
    id: `page-${size}`,
    title: `a page of ${size} customers`,
    targets,
    load: { ...brief, connections: size > 100 ? 8 : 32 },
    expected: [200],
    requests: always(() => usual.list(token, size)),
  });
  const created = { expected: [201], requests: always(create) };
  const verifying = plan.long
    ? (['proxy', 'fastify', 'nest'] as const)
    : (['proxy', 'fastify'] as const);

  const forPublication: readonly Scenario[] = [
    {
      ...{ id: 'mixed', title: 'creates, 20 % unseen tokens, 10 % invalid bodies, saturated' },
      ...{ targets: verifying, load: saturated, expected: [201, 400], requests: unseen(invalid) },
    },
    {
      ...{ id: 'keyed', title: 'creates with an Idempotency-Key each, SQLite, saturated' },
      ...{ targets: PROXY, load: saturated, expected: [201], requests: withKeys },
    },
    page(100, SERVERS),
  ];

  return [
    {
      id: 'create',
      title: 'creates, one token, saturated',
      targets: SERVERS,
      load: saturated,
      ...created,
    },
    {
      id: 'rate',
      title: `creates, one token, ${plan.perSecond}/s`,
      // Straight to the upstream, a latency is what the generator and the upstream take themselves.
      targets: plan.long ? [...SERVERS, 'straight'] : SERVERS,
      load: atRate,
      ...created,
    },
    {
      ...{ id: 'unseen', title: 'creates, 20 % unseen tokens, saturated', targets: verifying },
      ...{ load: saturated, expected: [201], requests: unseen(create) },
    },
    {
      ...{ id: 'slow', title: `creates, one token, ${plan.perSecond}/s, upstream takes 20 ms` },
      ...{ targets: ['straight', 'proxy'], load: atRate, expected: [201] },
      requests: always(() => slow.create(token)),
    },
    refused('401', 'refused with 401: forged signature', 401, () => usual.create(forgery)),
    refused('403', 'refused with 403: role is missing', 403, () => usual.create(powerless)),
    refused('400', 'refused with 400: three rules broken', 400, () =>
      usual.create(token, INVALID_BODY),
    ),
    page(1000, ['proxy', 'bare']),
    ...(plan.long ? forPublication : []),
  ];
}
