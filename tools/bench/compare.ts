import { buildAt } from './other-build.ts';
import { machine, Placement } from './placement.ts';
import { number } from './report.ts';
import { measure, type Run, warmUp } from './rounds.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import type { Server } from './server.ts';
import { Stand } from './stand.ts';
import { median, ratioInterval } from './statistics.ts';
import { TokenMaker } from './tokens.ts';

interface Options {
  readonly rounds: number;
  readonly port: number;
  readonly flags: readonly string[];
  readonly say: (text: string) => void;
  readonly tell: (text: string) => void;
}

/** Two processes of one build differ too: so many pairs of fresh ones are compared. */
const STARTS = 6;

interface Pair {
  readonly here: number;
  readonly there: number;
}

/** Says whether a create costs more, or less, than at `ref`, and whether that is beyond the noise. */
export async function compare(
  ref: string,
  { rounds, port, flags, say, tell }: Options,
): Promise<void> {
  const there = buildAt(ref, tell);
  const tokens = await TokenMaker.create();
  const placement = Placement.take();
  say(`${machine()}; ${placement.describe()}`);
  const stand = new Stand(placement, port, tokens.keySet, flags);
  const upstream = await stand.upstream();
  const [create] = await scenarios(tokens, { long: false, perSecond: 1 });
  if (!create) throw new Error('nothing to measure');
  const start = {
    here: () => stand.proxy('here', 1),
    there: () => stand.proxy('there', 2, { main: there }),
  };
  const pairs: Pair[] = [];
  for (let turn = 0; turn < STARTS; turn += 1) {
    const pair = await pairOf(start, create, { turn, rounds, placement });
    pairs.push(pair);
    tell(
      `pair ${turn + 1} of ${STARTS}: ${number(pair.there)} µs there, ${number(pair.here)} µs here`,
    );
  }
  await upstream.stop();
  say(verdict(ref, pairs));
}

/** Of two fresh processes, interleaved; `turn` says who comes first. */
async function pairOf(
  start: Record<keyof Pair, () => Promise<Server>>,
  create: Scenario,
  { turn, rounds, placement }: { turn: number; rounds: number; placement: Placement },
): Promise<Pair> {
  const first = turn % 2 === 0;
  const servers = [
    await start[first ? 'here' : 'there'](),
    await start[first ? 'there' : 'here'](),
  ];
  for (const server of servers) await warmUp(server, create);
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      runs.push(await measure(server, create, round, placement));
    }
  }
  await Promise.all(servers.map((server) => server.stop()));
  if (runs.some(({ unexpected }) => unexpected > 0)) throw new Error('an answer was not 201');
  const cpuUs = (name: keyof Pair) =>
    median(runs.filter(({ target }) => target === name).map((run) => run.cpuUs));
  return { here: cpuUs('here'), there: cpuUs('there') };
}

export function verdict(ref: string, pairs: readonly Pair[]): string {
  const { ratio, low, high } = ratioInterval(pairs.map(({ here, there }) => here / there));
  const cpuUs = (side: keyof Pair) => number(median(pairs.map((pair) => pair[side])));
  const change = `${number(Math.abs(ratio - 1) * 100, 1)} % ${ratio > 1 ? 'more' : 'less'}`;
  const within = low <= 1 && high >= 1;
  const figures = `CPU per create: ${cpuUs('there')} µs at ${ref}, ${cpuUs('here')} µs here; ratio ${number(ratio, 3)}, with 95 % confidence ${number(low, 3)} to ${number(high, 3)}`;
  return `${figures}\n${within ? 'NO DIFFERENCE beyond the noise' : `${ratio > 1 ? 'REGRESSION' : 'IMPROVEMENT'} beyond the noise: ${change}`}`;
}
