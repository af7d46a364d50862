import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import type { Asker } from './asker.ts';
import { Campaign } from './campaign.ts';
import { type Verdict, checkHistory } from './check-history.ts';
import {
  ATTEMPT_TIMEOUT_MS,
  FaultWeather,
  LIST_DELAY_MS,
  STORED_LATE_MS,
} from './fault-weather.ts';
import type { Stored } from './history.ts';
import { CALLERS, type Intent, intentsOf } from './intents.ts';
import { Killer } from './killer.ts';
import { ProxyAsker } from './proxy-asker.ts';
import { Random } from './random.ts';
import { Replicas } from './replicas.ts';
import { SdkAsker } from './sdk-asker.ts';
import { STORES, type StoreName } from './stores.ts';

export interface RunOptions {
  readonly seed: number;
  readonly creates: number;
  /** Of processes, where there are any. */
  readonly kills: number;
  /** How many ask at a time. */
  readonly concurrency: number;
  /** Hears of every create how many have been begun. */
  readonly onBegun?: (count: number) => void;
}

export interface Run extends Verdict {
  readonly name: string;
  readonly kills: number;
  readonly faults: number;
  readonly tookMs: number;
  /** The longest that the fake and the callers, who share a thread, stood still. */
  readonly stalledMs: number;
  readonly tally: ReadonlyMap<string, number>;
}

/**
 * Short, so that a run has many of everything. What the fake does late it does within the settling
 * time: `SETTLE_MS` outlives the delays of the fake's own by what a busy machine may lose.
 */
const SETTLE_MS = 2000;
const SETTINGS = {
  IDEMPOTENCY_SETTLE_MS: String(SETTLE_MS),
  GRAPH_ATTEMPT_TIMEOUT_MS: String(ATTEMPT_TIMEOUT_MS),
  GRAPH_DEADLINE_MS: '3500',
};
/**
 * Above what may be lost the run itself breaks the promise that lists are settled. A create can meet
 * two stalls: one before the fake reads it, and one when it is to be stored.
 */
export const MOST_STALLED_MS = (SETTLE_MS - LIST_DELAY_MS - STORED_LATE_MS) / 2;
/** Leases of killed processes outlive the deadline by five seconds. */
const SETTLE_LIMIT_MS = 60_000;

/** Creates through the proxy on a store, while its processes are killed. */
export async function runProxy(store: StoreName, options: RunOptions): Promise<Run> {
  return withFake(options, async (fake, campaign) => {
    const kept = await STORES[store]();
    const { env, replicas: count } = kept;
    const random = new Random(options.seed + 2);
    try {
      const replicas = await Replicas.start(count, {
        ...proxyEnvironment(fake),
        ...SETTINGS,
        ...env,
      });
      const killer = new Killer(replicas, random, options);
      const asker = new ProxyAsker(replicas, await callerTokens(fake), random);
      try {
        await campaign(asker, killer.onBegun, () => killer.over());
      } finally {
        await replicas.stop();
        await asker.close();
      }
      if (replicas.failure !== undefined) throw new Error(replicas.failure);
      const name = `proxy, ${store === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, ${count} process`;
      return { name: count > 1 ? `${name}es` : name, kills: killer.kills };
    } finally {
      await kept.remove();
    }
  });
}

/** The same creates, and the same faults, through Microsoft's SDK straight to the fake. */
export async function runSdk(options: RunOptions): Promise<Run> {
  return withFake(options, async (fake, campaign) => {
    const asker = new SdkAsker(fake.url, await fake.issueGraphToken());
    await campaign(
      asker,
      () => undefined,
      () => Promise.resolve(),
    );
    return { name: '@microsoft/microsoft-graph-client', kills: 0 };
  });
}

type Play = (
  asker: Asker,
  onBegun: (count: number) => void,
  chaosOver: () => Promise<void>,
) => Promise<void>;

async function withFake(
  { seed, creates, concurrency, onBegun: tell }: RunOptions,
  play: (fake: GraphFake, campaign: Play) => Promise<{ name: string; kills: number }>,
): Promise<Run> {
  const beganMs = performance.now();
  const intents = intentsOf(seed, creates);
  const weather = new FaultWeather(seed);
  const fake = await GraphFake.start({
    businesses: ['*'],
    pageSize: 50,
    listDelayMs: LIST_DELAY_MS,
    faultFor: weather.faultFor,
    keepsJournal: false,
  });
  const stalls = monitorEventLoopDelay({ resolution: 10 });
  try {
    let campaign: Campaign | undefined;
    const ran = await play(fake, async (asker, onBegun, chaosOver) => {
      campaign = new Campaign(intents, asker, new Random(seed + 1));
      stalls.enable();
      await campaign.run(concurrency, (count) => {
        onBegun(count);
        tell?.(count);
      });
      await chaosOver();
      weather.clear();
      await campaign.settle(SETTLE_LIMIT_MS);
      stalls.disable();
    });
    if (!campaign) throw new Error('nothing was asked');
    return {
      ...ran,
      ...checkHistory(campaign.recorder.history(storedIn(fake, intents))),
      faults: weather.faults,
      tookMs: performance.now() - beganMs,
      stalledMs: stalls.max / 1e6,
      tally: campaign.tally,
    };
  } finally {
    await fake.close();
  }
}

function storedIn(fake: GraphFake, intents: readonly Intent[]): readonly Stored[] {
  const businesses = [...new Set(intents.map(({ business }) => business))];
  return businesses.flatMap((business) =>
    fake.customers(business).map(({ id, emailAddress }) => {
      return { id, business, content: emailAddress ?? '' };
    }),
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
