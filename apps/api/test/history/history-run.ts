import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { type Verdict, checkHistory } from './check-history.ts';
import type { CreateClient } from './create-client.ts';
import type { StoredCustomer } from './history.ts';
import { CALLERS, type Intent, intentsOf } from './intents.ts';
import { Killer } from './killer.ts';
import { ProxyCreateClient } from './proxy-create-client.ts';
import {
  ATTEMPT_TIMEOUT_MS,
  LIST_DELAY_MS,
  RandomFaults,
  STORED_LATE_MS,
} from './random-faults.ts';
import { Random } from './random.ts';
import { Replicas } from './replicas.ts';
import { SdkCreateClient } from './sdk-create-client.ts';
import { SdkProxyCreateClient } from './sdk-proxy-create-client.ts';
import { STORES, type StoreName } from './stores.ts';
import { Workload, type WorkloadLimits } from './workload.ts';
import { MAILBOX_CONCURRENCY, isShared, workLimitOf } from '../work-limit.ts';

export interface RunOptions {
  readonly seed: number;
  readonly creates: number;
  /** Number of kills. Ignored without processes. */
  readonly kills: number;
  /** How often the clock of the store is set. */
  readonly jumps?: number;
  /** How often an older copy of the store is put back. Customers are then all different. */
  readonly restores?: number;
  /** Number of callers. */
  readonly concurrency: number;
  /** `IDEMPOTENCY_SETTLE_MS`; 2 s by default. */
  readonly settleMs?: number;
  /** Called for each create with the number of creates started so far. */
  readonly onStarted?: (count: number) => void;
}

export interface Run extends Verdict {
  readonly name: string;
  readonly kills: number;
  readonly faults: number;
  /** The most requests that Graph had in work at one mailbox. */
  readonly peakOfWork: number;
  /** How many it may have; Infinity without the proxy. */
  readonly workLimit: number;
  readonly tookMs: number;
  /** Longest stall of the event loop that the fake and the callers share. */
  readonly stalledMs: number;
  /**
   * With a longer stall the fake's lists may not be settled in time. A create can meet two stalls: one
   * before the fake reads it, and one before the fake stores it.
   */
  readonly maxStallMs: number;
  readonly tally: ReadonlyMap<string, number>;
}

/** Longer than the delays of the fake. Short enough that a run has many lookups. */
const SETTLE_MS = 2000;
const SETTINGS = {
  GRAPH_ATTEMPT_TIMEOUT_MS: String(ATTEMPT_TIMEOUT_MS),
  // Longer than the fake works on an attempt that was given up.
  MAILBOX_LINGER_MS: String(2 * STORED_LATE_MS),
};
/** What a request has besides the settling time. */
const OTHER_WORK_MS = 1500;
/** Leases of killed processes last up to five seconds longer than the deadline. */
const LIMITS: WorkloadLimits = { roundMs: Infinity, finishMs: 60_000 };
/**
 * The SDK repeats each call three times. Where equal creates were lost, the list cannot tell which
 * customer is whose, and further calls would not end that.
 */
const SDK_LIMITS: WorkloadLimits = { roundMs: 20_000, finishMs: 20_000 };

/** Creates customers with keys through the proxy while its processes are killed. */
export function runProxy(storeName: StoreName, options: RunOptions): Promise<Run> {
  return runReplicas(storeName, options, 'proxy', (...parts) => {
    const client = new ProxyCreateClient(...parts);
    return { client, limits: LIMITS, close: () => client.close() };
  });
}

/** The same with Microsoft's SDK and its default retries, without keys. */
export function runSdkThroughProxy(storeName: StoreName, options: RunOptions): Promise<Run> {
  return runReplicas(storeName, options, 'SDK without keys, proxy', (...parts) => ({
    client: new SdkProxyCreateClient(...parts),
    limits: SDK_LIMITS,
    close: () => Promise.resolve(),
  }));
}

type ClientFactory = (...parts: ConstructorParameters<typeof ProxyCreateClient>) => {
  readonly client: CreateClient;
  readonly limits: WorkloadLimits;
  readonly close: () => Promise<void>;
};

function runReplicas(
  storeName: StoreName,
  options: RunOptions,
  title: string,
  createClient: ClientFactory,
): Promise<Run> {
  return withFake(options, async (fake, runWorkload) => {
    const store = await STORES[storeName]();
    const { env, replicas: count } = store;
    const { settleMs = SETTLE_MS } = options;
    const random = new Random(options.seed + 2);
    try {
      const replicas = await Replicas.start(count, {
        ...proxyEnvironment(fake),
        ...SETTINGS,
        IDEMPOTENCY_SETTLE_MS: String(settleMs),
        GRAPH_DEADLINE_MS: String(settleMs + OTHER_WORK_MS),
        ...env,
      });
      const { creates, kills, jumps = 0, restores = 0 } = options;
      const killer = new Killer(replicas, store, random, { creates, kills, jumps, restores });
      const { client, limits, close } = createClient(replicas, await callerTokens(fake), random);
      try {
        await runWorkload(client, limits, killer.onStarted, () => killer.finished());
      } finally {
        await replicas.stop();
        await close();
      }
      if (replicas.failure !== undefined) throw new Error(replicas.failure);
      const name = `${title}, ${storeName === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, ${count} process`;
      const incidents = `${jumps > 0 ? `, ${jumps} clock jumps` : ''}${restores > 0 ? `, ${restores} restores` : ''}`;
      return {
        name: `${count > 1 ? `${name}es` : name}${incidents}`,
        kills: killer.kills,
        workLimit: workLimitOf(limitedProcesses(env.STATE_URL, count, restores > 0)),
      };
    } finally {
      await store.remove();
    }
  });
}

/** @param areRestored whether all processes are killed at once, for a restore */
function limitedProcesses(stateUrl: string, count: number, areRestored: boolean) {
  // Where they share no permits, a killed process forgets what it has sent. Graph goes on working on
  // that beside what its successor sends.
  const killed = areRestored ? count : 1;
  const length = isShared(stateUrl) ? count : count + killed;
  return Array.from({ length }, () => ({ stateUrl, limit: MAILBOX_CONCURRENCY }));
}

/** Sends the same creates with Microsoft's SDK directly to the fake, with the same faults. */
export async function runSdk(options: RunOptions): Promise<Run> {
  return withFake(options, async (fake, runWorkload) => {
    const client = new SdkCreateClient(fake.url, await fake.issueGraphToken());
    await runWorkload(
      client,
      LIMITS,
      () => undefined,
      () => Promise.resolve(),
    );
    return { name: '@microsoft/microsoft-graph-client', kills: 0, workLimit: Infinity };
  });
}

type RunWorkload = (
  client: CreateClient,
  limits: WorkloadLimits,
  onStarted: (count: number) => void,
  killsFinished: () => Promise<void>,
) => Promise<void>;

async function withFake(
  { seed, creates, restores = 0, concurrency, settleMs = SETTLE_MS, onStarted }: RunOptions,
  run: (
    fake: GraphFake,
    runWorkload: RunWorkload,
  ) => Promise<Pick<Run, 'name' | 'kills' | 'workLimit'>>,
): Promise<Run> {
  const beganMs = performance.now();
  const intents = intentsOf(seed, creates, { areEqual: restores === 0 });
  const faults = new RandomFaults(seed);
  const fake = await GraphFake.start({
    businesses: ['*'],
    pageSize: 50,
    listDelayMs: LIST_DELAY_MS,
    faultFor: faults.faultFor,
    keepsJournal: false,
  });
  const stalls = monitorEventLoopDelay({ resolution: 10 });
  try {
    let workload: Workload | undefined;
    const result = await run(fake, async (client, limits, onStart, killsFinished) => {
      workload = new Workload(intents, client, new Random(seed + 1), limits);
      stalls.enable();
      await workload.run(concurrency, (count) => {
        onStart(count);
        onStarted?.(count);
      });
      await killsFinished();
      faults.end();
      await workload.finish();
      stalls.disable();
    });
    if (!workload) throw new Error('the workload was not run');
    return {
      ...result,
      ...checkHistory(workload.recorder.history(storedIn(fake, intents))),
      faults: faults.count,
      peakOfWork: fake.peakOfWork,
      tookMs: performance.now() - beganMs,
      stalledMs: stalls.max / 1e6,
      maxStallMs: (settleMs - LIST_DELAY_MS - STORED_LATE_MS) / 2,
      tally: workload.tally,
    };
  } finally {
    await fake.close();
  }
}

function storedIn(fake: GraphFake, intents: readonly Intent[]): readonly StoredCustomer[] {
  const businesses = [...new Set(intents.map(({ business }) => business))];
  return businesses.flatMap((business) =>
    fake
      .customers(business)
      .map(({ id, emailAddress }) => ({ id, business, fingerprint: emailAddress ?? '' })),
  );
}

function callerTokens(fake: GraphFake): Promise<string[]> {
  return Promise.all(
    Array.from({ length: CALLERS }, (_none, caller) =>
      fake.issueToken({
        roles: ['BookingsAppointment.ReadWrite.All'],
        appId: `00000000-0000-4000-8000-${String(caller).padStart(12, '0')}`,
      }),
    ),
  );
}
