// Compares the cost of a create in this proxy and in peers that do the same work. It prints a table in
// Markdown and a line for each guard rail. It runs only on Linux, because it reads /proc. Each round
// starts, warms up, measures and stops each server. The order rotates.
// Exit code: 1 for a missed guard rail or a failure, 2 for no verdict.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';
import { closedLoop, type LoadResult, nowMs, openLoop } from './load.ts';
import { type Measured, percentile, table, TITLES, verdict } from './report.ts';
import * as servers from './servers.ts';
import { makeToken } from './tokens.ts';
import { helpIfAsked } from '../usage.ts';

helpIfAsked(`Usage: node tools/bench/bench.ts [OPTION VALUE]...
  --rounds 3, --seconds 4   of each measurement; the figures are medians
  --rate 500                creates a second at the steady rate
  --dist FOLDER             another build of the proxy, to compare with
  --only NAMES              some of the servers, separated by commas`);

/** Connections at saturation. A steady rate has twice as many, for requests that wait. */
const connections = 32;
/** So many that no create waits for the limit of four concurrent requests to each. */
const BUSINESSES = 64;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    rate: { type: 'string', default: '500' },
    dist: { type: 'string' },
    only: { type: 'string' },
  },
});
const numbers = [values.rounds, values.seconds, values.rate].map(Number);
const [rounds = 0, seconds = 0, perSecond = 0] = numbers;
const builds: Record<string, string | undefined> = {
  proxy: servers.PRODUCTION,
  other: values.dist,
};
const known = Object.keys(TITLES).filter((name) => name !== 'other' || builds[name] !== undefined);
const chosen = values.only?.split(',') ?? known;
if (chosen.some((name) => !known.includes(name))) fail(`--only: expected some of ${known.join()}`);
if (!numbers.every((each) => each > 0)) fail('expected numbers above 0');
if (process.platform !== 'linux') fail('the benchmark reads /proc, which Linux alone has');

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const tokens = await Promise.all(Array.from({ length: 20 }, makeToken));
const body = JSON.stringify(DOCUMENTED_CUSTOMER);
let count = 0;

function next() {
  count += 1;
  const path = `/v1.0/solutions/bookingBusinesses/b${count % BUSINESSES}%40contoso.com/customers`;
  const authorization = `Bearer ${tokens[count % tokens.length] ?? ''}`;
  const headers = { authorization, 'content-type': 'application/json' };
  return { method: 'POST' as const, path, headers, body };
}

/** Measures the cost of a load for a server. Every create must succeed. */
async function measure(name: string, pid: number, load: () => Promise<LoadResult>) {
  const account = () => {
    const [server = 0, ...own] = [pid, upstream.pid, process.pid].map(servers.processorMs);
    const othersMs = servers.machineBusyMs() - own.reduce((sum, ms) => sum + ms, server);
    return { atMs: nowMs(), serverMs: server, othersMs };
  };
  const begin = account();
  const result = await load();
  const end = account();
  const created = result.statuses.get(201) ?? 0;
  if (created === 0 || result.statuses.size > 1) {
    fail(`${name}: expected 201 alone, got ${JSON.stringify([...result.statuses])}`);
  }
  return {
    ...result,
    cpuUs: (1000 * (end.serverMs - begin.serverMs)) / created,
    perSecond: created / result.seconds,
    others: Math.max(0, end.othersMs - begin.othersMs) / (end.atMs - begin.atMs) / cpus().length,
  };
}

async function measureServer(server: string, round: number): Promise<Measured> {
  const dist = builds[server];
  const started = await (dist === undefined
    ? servers.startPeer(server, upstream)
    : servers.startProxy(server, upstream, dist));
  const { pid, port, readyMs } = started;
  const saturate = () =>
    measure(server, pid, () => closedLoop({ port, connections, seconds, next }));
  // A new process needs twice as much time per request until it is warm.
  await saturate();
  const full = await saturate();
  const load = { port, connections: 2 * connections, seconds, next, perSecond };
  const steady = await measure(server, pid, () => openLoop(load));
  const { residentMb } = started;
  await started.stop();
  process.stderr.write(`round ${round + 1} of ${rounds}: ${server}\n`);
  return {
    ...{ server, readyMs, residentMb, cpuUs: full.cpuUs, perSecond: full.perSecond },
    ...{ cpuAtRateUs: steady.cpuUs, others: (full.others + steady.others) / 2 },
    p50Ms: percentile(steady.latenciesMs, 0.5),
    p99Ms: percentile(steady.latenciesMs, 0.99),
  };
}

if (chosen.some((name) => builds[name] === undefined)) servers.preparePeers();
servers.pinGenerator();
const upstream = await servers.startUpstream();
const all: Measured[] = [];
for (let round = 0; round < rounds; round += 1) {
  const first = round % chosen.length;
  const order = [...chosen.slice(first), ...chosen.slice(0, first)];
  for (const server of order) all.push(await measureServer(server, round));
}
await upstream.stop();
const { text, exitCode } = verdict(all, perSecond);
process.stdout.write(`${table(all, perSecond)}

${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}; medians (least to most) of ${rounds} rounds of ${seconds} s, in each of which each server was started again

${text}
`);
process.exitCode = exitCode;
