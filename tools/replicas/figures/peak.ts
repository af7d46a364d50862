import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '@bookings/graph-fake';
import type { ApiProcess } from '../api-process.ts';
import type { Figure, Plan, Row } from '../figure.ts';
import { succeeded } from '../client.ts';
import { Stage } from '../stage.ts';

const LIMIT = 4;
const BUSINESSES = ['hot@contoso.com', 'warm@contoso.com'];
/** For each process. */
const CALLERS = 12;
const PAUSE_S = 15;
const ENV = {
  // Short, so that the permits of a killed process come back soon.
  GRAPH_ATTEMPT_TIMEOUT_MS: '1000',
  MAILBOX_LINGER_MS: '1000',
  GRAPH_DEADLINE_MS: '5000',
};
/** A lease with these settings. */
const LEASE_MS = 7000;

/** Faults that come in turn, each after so many requests. A pause comes at most every 20 s. */
function faults(): () => Fault {
  let [requests, pausedAtMs] = [0, Date.now()];
  return () => {
    requests += 1;
    if (Date.now() - pausedAtMs > PAUSE_S * 1000 + 5000) {
      pausedAtMs = Date.now();
      const headers = { 'Retry-After': String(PAUSE_S) };
      return { kind: 'status', status: 429, headers };
    }
    // The proxy gives both up: one that Graph never answers, and one that it answers too late.
    if (requests % 40 === 0) return { kind: 'silence', when: 'before-stored' };
    if (requests % 40 === 20) return { kind: 'delay', delayMs: 1300 };
    return { kind: 'pass' };
  };
}

/** The most requests in work at one mailbox, with all that may go wrong. */
export const peak: Figure = (plan) =>
  Stage.with(plan, { faultFor: faults() }, async (stage) => {
    const replicas = await stage.replicas(3, ENV);
    const running = new AbortController();
    const callers = replicas.map(async (replica, index) => {
      const client = await stage.client();
      let sent = index;
      const next = () => {
        sent += 1;
        const business = BUSINESSES[sent % BUSINESSES.length] ?? '';
        return { url: replica.url, business, leavesAfterMs: sent % 10 === 0 ? 30 : undefined };
      };
      return client.keepSending(CALLERS, next, () => running.signal.aborted);
    });
    await disturb(replicas, plan);
    running.abort();
    const answers = (await Promise.all(callers)).flat();
    const served = answers.filter(succeeded).length;
    return [peakRow(stage.fake.peakOfWork, plan, `${served} of ${answers.length} requests served`)];
  });

export function peakRow(most: number, { kills }: Pick<Plan, 'kills'>, note: string): Row {
  return {
    figure: `peak of work at one mailbox: 3 replicas, ${kills} kills, pauses of ${PAUSE_S} s, attempts given up, callers leaving, database stopped and hung`,
    goal: '≤ 4',
    measured: `${most}, ${note}`,
    holds: most <= LIMIT,
  };
}

/** Kills processes. A third and two thirds through it, the database goes away for over a lease. */
async function disturb(replicas: readonly ApiProcess[], { kills, postgres }: Plan): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    // Waits of different lengths, from 0.5 to 3.5 s.
    await sleep(500 + ((kill * 1700) % 3000));
    const outages: Promise<void>[] = [];
    if (kill === Math.floor(kills / 3)) {
      await postgres.pause();
      outages.push(sleep(2 * LEASE_MS).then(() => postgres.resume()));
    }
    if (kill === Math.floor((2 * kills) / 3)) {
      await postgres.freeze();
      outages.push(
        sleep(2 * LEASE_MS).then(() => {
          postgres.thaw();
        }),
      );
    }
    // Its successor meets the outage, too.
    await replicas[kill % replicas.length]?.replace();
    await Promise.all(outages);
  }
  await sleep(LEASE_MS);
}
