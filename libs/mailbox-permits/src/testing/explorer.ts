import {
  type Access,
  afterFailure,
  afterSuccess,
  type Allowance,
  allowanceAt,
  NO_ACCESS_YET,
} from '../access.ts';
import {
  afterRenewal,
  freeOne,
  type HeldPermit,
  type Holding,
  NOTHING_HELD,
  setBusy,
  setOwn,
  without,
  withoutEnded,
  withTaken,
} from '../held-permits.ts';
import { type PermitTimes, workMs } from '../times.ts';
import {
  contactRows,
  giveRows,
  type Limits,
  type MailboxPermit,
  NO_ROWS,
  type RowsState,
  type Sender,
  takeRows,
} from './rows-model.ts';

const STEP_MS = 2000;
const MAILBOX = 'mailbox';
/** Longer than a lease. */
const LONG_MS = 8000;
const TIMES: PermitTimes = { attemptMs: 1000, lingerMs: 1000 };

type Statement =
  | { readonly kind: 'contact'; readonly held: readonly MailboxPermit[] }
  | { readonly kind: 'take'; readonly count: number }
  | { readonly kind: 'give'; readonly given: readonly MailboxPermit[] };

/** What the database answered. */
interface Answer {
  readonly permits: readonly MailboxPermit[];
  readonly recoveringMs: number;
}

interface Sent {
  readonly statement: Statement;
  readonly sender: Sender;
  readonly sentAtMs: number;
  readonly answer: Answer | undefined;
}

interface Replica {
  readonly isAlive: boolean;
  readonly canReachDatabase: boolean;
  readonly connection: number;
  readonly mustContact: boolean;
  readonly access: Access;
  readonly holding: Holding;
  readonly sent: Sent | undefined;
  /** Whether it has tried to reach the database since time last passed. */
  readonly hasTried: boolean;
}

/** Work at Graph, which goes on when its caller has given up or has crashed. */
interface Work {
  readonly replica: number;
  /** The fence of its permit; 0 without one. */
  readonly fence: number;
  readonly untilMs: number;
}

interface World {
  readonly nowMs: number;
  readonly rows: RowsState;
  readonly replicas: readonly Replica[];
  readonly work: readonly Work[];
  /** A statement whose sender has given up, and which may still arrive. */
  readonly late: Sent | undefined;
  readonly left: Readonly<Record<Rare, number>>;
}

/** What happens only so many times in a run. */
type Rare = 'request' | 'outage' | 'crash' | 'slow' | 'loss' | 'stall';

/** The protocol, with the parts that a wrong variant replaces. */
export interface Protocol {
  contactRows: typeof contactRows;
  takeRows: typeof takeRows;
  giveRows: typeof giveRows;
  afterRenewal: typeof afterRenewal;
  withoutEnded: typeof withoutEnded;
  withTaken: typeof withTaken;
  allowanceAt: typeof allowanceAt;
  /** When the place of a request is free whose caller left. */
  freeAfterAbortMs: (nowMs: number, workEndsAtMs: number) => number;
}

export const PROTOCOL: Protocol = {
  contactRows,
  takeRows,
  giveRows,
  afterRenewal,
  withoutEnded,
  withTaken,
  allowanceAt,
  freeAfterAbortMs: (_nowMs, workEndsAtMs) => workEndsAtMs,
};

export interface Scenario {
  readonly concurrency: number;
  /** Which replicas lose the database together. */
  readonly outageOf: readonly number[];
  /** Whether only requests, outages and statements without delay happen, which keeps it small. */
  readonly isPlain: boolean;
  /** Whether it comes back for one after the other. */
  readonly comesBackApart: boolean;
  readonly left: Readonly<Record<Rare, number>>;
  /** Whether a process may be cut off alone. It then adds its own share to the limit. */
  readonly cutOffAlone: boolean;
}

export interface Exploration {
  readonly worlds: number;
  /** How a run exceeds the limit; undefined if none does. */
  readonly violation: readonly string[] | undefined;
  /** The highest work at Graph. */
  readonly peak: number;
}

type Step = readonly [name: string, world: World];

/** Tries every order of events of two replicas. */
export class Explorer {
  readonly #limits: Limits;

  constructor(
    private readonly protocol: Protocol,
    private readonly scenario: Scenario,
  ) {
    this.#limits = { times: TIMES, concurrency: scenario.concurrency, share: 1 };
  }

  explore(): Exploration {
    const start = this.#start();
    const cameFrom = new Map<string, readonly [string, string] | undefined>([
      [key(start), undefined],
    ]);
    const open = [start];
    let peak = 0;
    for (let world = open.pop(); world !== undefined; world = open.pop()) {
      const here = key(world);
      for (const [name, next] of this.#steps(world)) {
        const there = key(next);
        if (cameFrom.has(there)) continue;

        cameFrom.set(there, [here, name]);
        peak = Math.max(peak, next.work.length);
        if (this.#exceeds(next.work)) {
          return { worlds: cameFrom.size, violation: path(cameFrom, there), peak };
        }
        open.push(next);
      }
    }
    return { worlds: cameFrom.size, violation: undefined, peak };
  }

  #exceeds(work: readonly Work[]): boolean {
    const { concurrency, cutOffAlone } = this.scenario;
    const leased = work.filter(({ fence }) => fence > 0).length;
    const own = [0, 1].map(
      (index) => work.filter(({ replica, fence }) => replica === index && fence === 0).length,
    );
    const all = cutOffAlone ? leased : work.length;
    return all > concurrency || Math.max(...own) > this.#limits.share;
  }

  #start(): World {
    const replica: Replica = {
      isAlive: true,
      canReachDatabase: true,
      connection: 1,
      mustContact: false,
      access: NO_ACCESS_YET,
      holding: NOTHING_HELD,
      sent: undefined,
      hasTried: false,
    };
    return {
      // Time begins late enough for each lease to have ended.
      nowMs: 100_000,
      rows: { ...NO_ROWS, seen: { '0': 100_000, '1': 100_000 } },
      replicas: [replica, replica],
      work: [],
      late: undefined,
      left: this.scenario.left,
    };
  }

  #steps(world: World): Step[] {
    const steps = world.replicas.flatMap((replica, index) =>
      replica.isAlive ? this.#replicaSteps(world, replica, index) : [],
    );
    const { outageOf } = this.scenario;
    const isAway = outageOf.some((index) => world.replicas[index]?.canReachDatabase === false);
    if (isAway) {
      steps.push(['the database is back', reach(world, outageOf, true)]);
      if (this.scenario.comesBackApart) {
        for (const index of outageOf) {
          if (world.replicas[index]?.canReachDatabase === false)
            steps.push([`the database is back for ${index}`, reach(world, [index], true)]);
        }
      }
    } else if (world.left.outage > 0) {
      steps.push(['the database is away', reach(spend(world, 'outage'), outageOf, false)]);
    }
    if (world.late) {
      const { rows } = this.#apply(world.rows, world.late, world.nowMs);
      steps.push(['a late statement arrives', { ...world, rows, late: undefined }]);
    }
    // A process that has not tried stands still for a while, and that happens only so often.
    const stalled = world.replicas.filter(({ isAlive, hasTried }) => isAlive && !hasTried).length;
    const stall = world.left.stall - stalled;
    if (stall >= 0) {
      steps.push(['time passes', this.#pass({ ...world, left: { ...world.left, stall } })]);
    }
    return steps;
  }

  #pass(world: World): World {
    const nowMs = world.nowMs + STEP_MS;
    const permits = world.rows.permits.filter(({ leaseUntilMs }) => leaseUntilMs > nowMs);
    return {
      ...world,
      nowMs,
      // A row whose lease has ended is as good as none.
      rows: { ...world.rows, permits },
      replicas: world.replicas.map((each) => ({
        ...each,
        hasTried: false,
        holding: this.protocol.withoutEnded(each.holding, nowMs),
      })),
      work: world.work.filter(({ untilMs }) => untilMs > nowMs),
    };
  }

  #replicaSteps(world: World, replica: Replica, index: number): Step[] {
    const { nowMs } = world;
    const steps: Step[] = [];
    const add = (name: string, next: Partial<Replica>, change: Partial<World> = {}) =>
      steps.push([`${index} ${name}`, update({ ...world, ...change }, index, next)]);
    const holding = this.protocol.withoutEnded(replica.holding, nowMs);
    this.#requestSteps(world, { ...replica, holding }, index, add);
    if (world.left.crash > 0) {
      add('crashes', { isAlive: false, sent: undefined }, { left: spend(world, 'crash').left });
    }
    if (replica.sent) this.#statementSteps(world, replica, replica.sent, add);
    else this.#sendSteps(world, { ...replica, holding }, index, add);
    return steps;
  }

  #requestSteps(world: World, replica: Replica, index: number, add: Add): void {
    const { nowMs } = world;
    const { holding } = replica;
    const allowance: Allowance = this.protocol.allowanceAt(replica.access, TIMES, 1, nowMs);
    const limit = this.scenario.concurrency;
    const free = freeOne(holding, allowance, { limit, times: TIMES }, nowMs);
    if (free !== undefined && world.left.request > 0) {
      const untilMs = nowMs + workMs(TIMES);
      const fence = free === 'own' ? 0 : free.fence;
      const busy =
        free === 'own'
          ? setOwn(holding, world.left.request, untilMs)
          : setBusy(holding, free.fence, untilMs);
      const work = [...world.work, { replica: index, fence, untilMs }];
      add('begins a request', { holding: busy }, { work, left: spend(world, 'request').left });
    }
    if (this.scenario.isPlain) return;
    for (const work of world.work.filter((each) => each.replica === index && each.fence > 0)) {
      add(
        'gets an answer',
        { holding: setBusy(holding, work.fence, nowMs) },
        { work: world.work.filter((each) => each !== work) },
      );
      const freeAtMs = this.protocol.freeAfterAbortMs(nowMs, work.untilMs);
      add('loses its caller', { holding: setBusy(holding, work.fence, freeAtMs) });
    }
  }

  #sendSteps(world: World, replica: Replica, index: number, add: Add): void {
    const { nowMs } = world;
    const { holding, connection } = replica;
    const sender = { process: String(index), connection };
    const send = (statement: Statement, kept = holding) => {
      const sent = { statement, sender, sentAtMs: nowMs, answer: undefined };
      // Most statements are done before anything else happens.
      if (replica.canReachDatabase) {
        const { rows, answer } = this.#apply(world.rows, sent, nowMs);
        const next = this.#read({ ...replica, holding: kept }, sent, answer, nowMs);
        const hasTried = replica.hasTried || statement.kind === 'contact';
        add(`does ${statement.kind}`, { holding: kept, hasTried, ...next }, { rows });
      }
      if (!replica.canReachDatabase && this.scenario.isPlain) {
        add(`fails with ${statement.kind}`, { holding: kept, ...gaveUp(replica, sent, nowMs) });
      } else if (!replica.canReachDatabase || world.left.slow > 0) {
        const left = replica.canReachDatabase ? spend(world, 'slow').left : world.left;
        add(`sends ${statement.kind}`, { sent, holding: kept, hasTried: true }, { left });
      }
    };
    send({ kind: 'contact', held: holding.permits.map(rowOf) });
    if (replica.mustContact) return;
    const idle = holding.permits.filter(({ busyUntilMs }) => busyUntilMs <= world.nowMs);
    if (idle.length > 0 && !this.scenario.isPlain)
      send({ kind: 'give', given: idle.map(rowOf) }, without(holding, idle));
    const count = this.scenario.concurrency - holding.permits.length;
    if (count > 0) send({ kind: 'take', count });
  }

  #statementSteps(world: World, replica: Replica, sent: Sent, add: Add): void {
    const { nowMs } = world;
    if (sent.answer === undefined && replica.canReachDatabase) {
      const { rows, answer } = this.#apply(world.rows, sent, nowMs);
      add('is served', { sent: { ...sent, answer } }, { rows });
    }
    if (sent.answer && replica.canReachDatabase) {
      add('reads the answer', this.#read(replica, sent, sent.answer, nowMs));
    }
    const isLost = replica.canReachDatabase;
    if (isLost && world.left.loss === 0) return;
    add('gives a statement up', gaveUp(replica, sent, nowMs), {
      ...(isLost && { left: spend(world, 'loss').left }),
      ...(sent.answer === undefined && { late: sent }),
    });
  }

  #apply(rows: RowsState, { statement, sender }: Sent, nowMs: number) {
    const recoveringMs = (after: RowsState) => after.recoveringUntilMs - nowMs;
    switch (statement.kind) {
      case 'contact': {
        const done = this.protocol.contactRows(rows, sender, statement.held, this.#limits, nowMs);
        const answer = { permits: done.renewed, recoveringMs: recoveringMs(done.rows) };
        return { rows: done.rows, answer };
      }
      case 'take': {
        const asked = { mailbox: MAILBOX, count: statement.count };
        const done = this.protocol.takeRows(rows, sender, asked, this.#limits, nowMs);
        return {
          rows: done.rows,
          answer: { permits: done.taken, recoveringMs: recoveringMs(rows) },
        };
      }
      case 'give':
        return {
          rows: this.protocol.giveRows(rows, sender, statement.given),
          answer: { permits: [], recoveringMs: recoveringMs(rows) },
        };
    }
  }

  #read(
    replica: Replica,
    { statement, sentAtMs }: Sent,
    { permits, recoveringMs }: Answer,
    nowMs: number,
  ): Partial<Replica> {
    const { holding } = replica;
    switch (statement.kind) {
      case 'contact': {
        const { held } = statement;
        return {
          sent: undefined,
          mustContact: false,
          access: afterSuccess(recoveringMs, nowMs),
          holding: this.protocol.afterRenewal(holding, held, permits, TIMES, sentAtMs),
        };
      }
      case 'take':
        return {
          sent: undefined,
          access: afterSuccess(recoveringMs, nowMs),
          holding: this.protocol.withTaken(holding, permits, TIMES, sentAtMs),
        };
      case 'give':
        return { sent: undefined };
    }
  }
}

function gaveUp(replica: Replica, { sentAtMs }: Sent, nowMs: number): Partial<Replica> {
  return {
    sent: undefined,
    hasTried: true,
    mustContact: true,
    connection: replica.connection + 1,
    access: afterFailure(replica.access, sentAtMs, nowMs),
  };
}

type Add = (name: string, next: Partial<Replica>, change?: Partial<World>) => void;

function rowOf({ slot, fence }: HeldPermit): MailboxPermit {
  return { mailbox: MAILBOX, slot, fence };
}

function update(world: World, index: number, next: Partial<Replica>): World {
  const replicas = world.replicas.map((each, at) => (at === index ? { ...each, ...next } : each));
  return { ...world, replicas };
}

function reach(world: World, indexes: readonly number[], canReachDatabase: boolean): World {
  const replicas = world.replicas.map((each, at) =>
    indexes.includes(at) ? { ...each, canReachDatabase } : each,
  );
  return { ...world, replicas };
}

function spend(world: World, rare: Rare): World {
  return { ...world, left: { ...world.left, [rare]: world.left[rare] - 1 } };
}

/** Two worlds with one key go on alike. What has ended makes no difference. */
function key({ nowMs, rows, replicas, work, late, left }: World): string {
  const fences = [0];
  // Only whether two fences are equal counts.
  const rank = (fence: number) => {
    const at = fences.indexOf(fence);
    return at < 0 ? fences.push(fence) - 1 : at;
  };
  // Only which connection of a process is newer counts.
  const connections = replicas.map(({ connection, sent }, index) =>
    [
      connection,
      ...[sent, late].flatMap((each) =>
        each?.sender.process === String(index) ? [each.sender.connection] : [],
      ),
      ...rows.permits.flatMap((row) => (row.process === String(index) ? [row.connection] : [])),
    ].toSorted((one, other) => one - other),
  );
  const age = (process: string | number, connection: number) =>
    new Set(connections[Number(process)]?.filter((each) => each < connection)).size;
  const ahead = (ms: number) => Math.ceil(Math.max(0, Math.min(LONG_MS, ms - nowMs)) / STEP_MS);
  const ago = (ms: number | undefined) =>
    ms === undefined ? '-' : Math.ceil(Math.min(LONG_MS, nowMs - ms) / STEP_MS);
  const list = (permits: readonly MailboxPermit[]) =>
    permits.map(({ slot, fence }) => `${slot}.${rank(fence)}`).join();
  const sentKey = (sent: Sent | undefined) => {
    if (!sent) return '';
    const { statement, sender, sentAtMs, answer } = sent;
    const what =
      statement.kind === 'take'
        ? statement.count
        : list(statement.kind === 'contact' ? statement.held : statement.given);
    const answered = answer && `${list(answer.permits)}r${answer.recoveringMs > 0}`;
    return `${statement.kind}${what}/${sender.process}.${age(sender.process, sender.connection)}/${ago(sentAtMs)}/${answered}`;
  };
  const rowKeys = rows.permits.map(
    ({ slot, fence, process, connection, leaseUntilMs }) =>
      `${slot}.${rank(fence)}.${process}.${age(process, connection)}.${ahead(leaseUntilMs)}`,
  );
  const replicaKeys = replicas.map(
    (
      { isAlive, canReachDatabase, connection, mustContact, access, holding, sent, hasTried },
      index,
    ) =>
      [
        isAlive ? (canReachDatabase ? 'up' : 'cut') : 'dead',
        age(index, connection),
        mustContact,
        hasTried,
        `${ago(access.failedAtMs)}.${ago(access.lastFailedSentAtMs)}.${ahead(access.recoveringUntilMs)}`,
        ...holding.permits.map(
          ({ slot, fence, leaseEndsAtMs, busyUntilMs }) =>
            `${slot}.${rank(fence)}.${ahead(leaseEndsAtMs)}.${ahead(busyUntilMs)}`,
        ),
        ...holding.ownRequests.map(({ busyUntilMs }) => ahead(busyUntilMs)),
        sentKey(sent),
      ].join(' '),
  );
  const workKeys = work.map(
    ({ replica, fence, untilMs }) => `${replica}.${rank(fence)}.${ahead(untilMs)}`,
  );
  return [
    rowKeys.join(' '),
    `${ahead(rows.recoveringUntilMs)} ${Object.values(rows.seen)
      .map((ms) => ago(ms))
      .join(' ')}`,
    ...replicaKeys,
    workKeys.join(' '),
    sentKey(late),
    Object.values(left).join(),
  ].join('|');
}

function path(
  cameFrom: ReadonlyMap<string, readonly [string, string] | undefined>,
  last: string,
): string[] {
  const names: string[] = [];
  for (let at = cameFrom.get(last); at !== undefined; at = cameFrom.get(at[0])) names.push(at[1]);
  return names.reverse();
}
