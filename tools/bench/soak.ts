// Checks the production process for leaks and lost requests, with creates and reads at a steady rate,
// faults of the upstream and client disconnects. It runs only on Linux, because it reads /proc.
// Exit code: 1 if memory exceeds its limit, a resource grows, or a response is unexplained.
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';
import { closedLoop, type LoadRequest, openLoop } from './load.ts';
import * as servers from './servers.ts';
import { endLines, EXPECTED, type Held, metric, verdict } from './soak-report.ts';
import { makeToken } from './tokens.ts';
import { helpIfAsked } from '../usage.ts';

helpIfAsked(`Usage: node tools/bench/soak.ts [--minutes 10] [--rate N]
  --rate N          requests a second; without it 80 % of saturation`);

/** The share of saturation. */
const SHARE = 0.8;
/** So many that the process has work while some wait for a fault. */
const TRIAL = { connections: 256, seconds: 5 };
/** Enough for all requests that wait for a slow upstream. */
const CONNECTIONS = 512;
/** A create with a key may take its deadline of 20 s. */
const DRAIN_SECONDS = 25;
/** By then the process has closed idle connections to the upstream. */
const REST_MS = 15_000;
const BUSINESSES = 64;
/** Without a common factor, so that each applies to every kind of request. */
const [LEAVES_EACH, CLOSES_EACH] = [37, 53];
const KINDS = ['create', 'create with a key', 'create', 'page of 100', 'one customer'];

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string' } },
});
const minutes = Number(values.minutes);
const say = (text: string) => process.stdout.write(`${text}\n`);
const authorization = `Bearer ${await makeToken()}`;

/** Makes requests of all kinds and counts how they end. */
class Traffic {
  readonly ends = new Map(Object.keys(EXPECTED).map((kind) => [kind, new Map<number, number>()]));
  answered = 0;
  readonly #run = randomUUID().slice(0, 8);
  #sent = 0;

  readonly next = (): LoadRequest => {
    this.#sent += 1;
    const sent = this.#sent;
    const kind = KINDS[sent % KINDS.length] ?? 'create';
    const ended = (status: number) => {
      this.answered += 1;
      const ends = this.ends.get(kind);
      ends?.set(status, (ends.get(status) ?? 0) + 1);
    };
    return {
      ...this.#request(kind, sent),
      ...(sent % LEAVES_EACH === 0 && { leavesAfterMs: (sent / LEAVES_EACH) % 3 }),
      reset: sent % CLOSES_EACH === 0,
      ended,
    };
  };

  #request(kind: string, sent: number): LoadRequest {
    const path = `/v1.0/solutions/bookingBusinesses/b${sent % BUSINESSES}%40contoso.com/customers`;
    const read = { 'page of 100': '?$top=100', 'one customer': `/${randomUUID()}` }[kind];
    if (read !== undefined) return { method: 'GET', path: path + read, headers: { authorization } };
    const isKeyed = kind === 'create with a key';
    // Each key has its own customer.
    const emailAddress = `joni.${this.#run}.${sent}@relecloud.com`;
    const headers = {
      ...{ authorization, 'content-type': 'application/json' },
      ...(isKeyed && { 'idempotency-key': `"${this.#run}-${sent}"` }),
    };
    const body = JSON.stringify({ ...DOCUMENTED_CUSTOMER, ...(isKeyed && { emailAddress }) });
    return { method: 'POST', path, headers, body };
  }
}

async function held({ pid, port, residentMb }: servers.ServerProcess): Promise<Held> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  if (!text.includes('nodejs_active_resources{')) throw new Error('/metrics has no timers');
  return {
    residentMb,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    timers: metric(text, /^nodejs_active_resources\{type="Timeout"/),
    ended: metric(text, /^bookings_http_requests_total\{operation="\w+Customers?"/),
  };
}

/** Prints a line each minute. @returns the peak of the memory in MB */
async function watch(proxy: servers.ServerProcess, traffic: Traffic): Promise<number> {
  let [maxMb, answered] = [0, 0];
  for (let second = 1; second <= minutes * 60; second += 1) {
    await sleep(1000);
    maxMb = Math.max(maxMb, proxy.residentMb);
    if (second % 60 > 0) continue;
    const { residentMb, descriptors, timers } = await held(proxy);
    const perSecond = Math.round((traffic.answered - answered) / 60);
    answered = traffic.answered;
    const process = `${residentMb.toFixed(0)} MB, ${descriptors} descriptors, ${timers} timers`;
    say(`minute ${second / 60}: ${perSecond} requests a second, ${process}`);
  }
  return maxMb;
}

servers.pinGenerator();
const upstream = await servers.startUpstream('soak-upstream.ts');
const proxy = await servers.startProxy('proxy', upstream, servers.PRODUCTION);
const { port } = proxy;
const trial = { port, ...TRIAL, drainSeconds: DRAIN_SECONDS, next: new Traffic().next };
await closedLoop(trial);
const { latenciesMs } = await closedLoop(trial);
const most = latenciesMs.length / TRIAL.seconds;
const perSecond = values.rate === undefined ? Math.round(SHARE * most) : Number(values.rate);
say(`${perSecond} requests a second for ${minutes} minutes; ${most.toFixed(0)} at saturation`);
await sleep(REST_MS);
const before = await held(proxy);
const traffic = new Traffic();
const load = { port, connections: CONNECTIONS, seconds: minutes * 60, perSecond };
const [, maxMb] = await Promise.all([
  openLoop({ ...load, drainSeconds: DRAIN_SECONDS, next: traffic.next }),
  watch(proxy, traffic),
]);
await sleep(REST_MS);
const after = await held(proxy);
const { text, holds } = verdict({ before, after, maxMb, ends: traffic.ends });
say(`\n${endLines(traffic.ends)}\n\n${text}`);
await Promise.all([proxy.stop(), upstream.stop()]);
process.exitCode = holds ? 0 : 1;
