// What a request costs the production process, beside peers that do the same work.
// `npm run bench -- --quick` (the default), `--long`, `--compare REF` or `--profile`; judges against
// the goals of the project and fails nothing.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chart } from './chart.ts';
import { compare } from './compare.ts';
import { machine, Placement } from './placement.ts';
import { profile } from './profile.ts';
import { goalTable, mainTable, number, scenarioTable } from './report.ts';
import { Results } from './results.ts';
import { playRounds, type Run, warmUp } from './rounds.ts';
import { type Scenario, scenarios, SERVERS, type Target } from './scenarios.ts';
import type { Server } from './server.ts';
import { preparePeers, ROOT, Stand } from './stand.ts';
import { median } from './statistics.ts';
import { TokenMaker } from './tokens.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    compare: { type: 'string' },
    profile: { type: 'boolean', default: false },
    rate: { type: 'string', default: '500' },
    rounds: { type: 'string' },
    svg: { type: 'string' },
    json: { type: 'string' },
    flags: { type: 'string', default: '' },
    port: { type: 'string', default: '9400' },
  },
});
const perSecond = atLeastOne('rate', values.rate);
const rounds = atLeastOne('rounds', values.rounds ?? (values.long ? '10' : '4'));
const port = atLeastOne('port', values.port);

/**
 * Two processes of one build differ by some 5 %, for as long as they run: the long form starts all
 * servers anew after so many rounds, in which each comes first as often. The quick one has no time.
 */
const ROUNDS_OF_A_START = values.long ? 2 : rounds;

/** Node's, for the proxy alone: to try them out. */
const flags = values.flags.split(' ').filter((flag) => flag !== '');

const say = (text: string) => process.stdout.write(`${text}\n`);
const tell = (text: string) => process.stderr.write(`${text}\n`);

function atLeastOne(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  tell(`--${name} must be a whole number from 1`);
  process.exit(2);
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' and changes';
  return git('rev-parse', '--short', 'HEAD') + changed;
}

/** The upstream counts as a server too: it is what the proxy's share of the time is told from. */
async function startAll(stand: Stand): Promise<ReadonlyMap<Target, Server>> {
  const servers = new Map<Target, Server>([['straight', await stand.upstream()]]);
  for (const [index, target] of SERVERS.entries()) {
    const started = target === 'proxy' ? stand.proxy(target, 1) : stand.peer(target, index + 1);
    servers.set(target, await started);
  }
  return servers;
}

/** As a Prometheus would, which is how the metrics cost what they cost. */
async function scrape(server: Server | undefined): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server?.port ?? 0}/metrics`);
  const text = await answer.text();
  if (!text.includes('bookings_')) throw new Error('the proxy has no metrics');
}

/**
 * Plays rounds with servers of their own.
 *
 * @param idle is told how many bytes of memory each has, once it is there
 */
async function playAnew(
  stand: Stand,
  all: readonly Scenario[],
  numbers: readonly number[],
  placement: Placement,
  idle: Map<string, number>,
): Promise<readonly Run[]> {
  const servers = await startAll(stand);
  for (const [target, { account }] of servers) idle.set(target, account.residentBytes);
  const [first] = all;
  for (const server of servers.values()) if (first) await warmUp(server, first);
  const runs = await playRounds(servers, all, numbers, placement, (round) => {
    tell(`round ${round + 1} of ${rounds} is done`);
  });
  await scrape(servers.get('proxy'));
  await Promise.all([...servers.values()].map((server) => server.stop()));
  return runs;
}

async function publish(): Promise<void> {
  preparePeers();
  const tokens = await TokenMaker.create();
  const placement = Placement.take();
  const head = [
    `${machine()}; ${placement.describe()}`,
    `${new Date().toISOString().slice(0, 10)}, commit ${commit()}, ${values.long ? 'long' : 'quick'} form, ${rounds} rounds, medians; ratios are medians of each round's`,
  ];
  if (flags.length > 0) head.push(`the proxy not as in production, but with ${flags.join(' ')}`);
  for (const line of head) say(line);
  const stand = new Stand(placement, port, tokens.keySet, flags);
  const all = await scenarios(tokens, { long: values.long, perSecond });
  const runs: Run[] = [];
  const idle = new Map<string, number>();
  for (let round = 0; round < rounds; round += ROUNDS_OF_A_START) {
    const last = Math.min(rounds, round + ROUNDS_OF_A_START);
    const numbers = Array.from({ length: last - round }, (_none, index) => round + index);
    runs.push(...(await playAnew(stand, all, numbers, placement, idle)));
  }

  const results = new Results(runs);
  say(`\n${mainTable(results, perSecond, idle)}\n`);
  say(`${scenarioTable(results, all)}\n`);
  say(`${goalTable(results, perSecond)}\n`);
  const late = median(runs.filter((run) => run.scenario === 'rate').map((run) => run.lateMs));
  say(`the generator was ${number(late, 2)} ms late on average, which counts in every latency`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ head, runs }));
  if (values.svg !== undefined) writeFileSync(values.svg, chart(results, head[0] ?? ''));
}

// What was started ends with this process, and that it does at its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const beganMs = Date.now();
if (values.profile) await profile(port, flags, say);
else if (values.compare === undefined) await publish();
else await compare(values.compare, { rounds: Math.max(2, rounds), port, flags, say, tell });
tell(`took ${Math.round((Date.now() - beganMs) / 1000)} s`);
