// How the cost of a request to the production build grows: with businesses, callers' tokens,
// remembered keys, connections and the size of bodies. `npm run scale`; takes ten minutes and 2 GB
// of the disk where temporary files are. Its exit status is 1 when an answer was not as it should be.
import { parseArgs } from 'node:util';
import { machine, Placement } from './placement.ts';
import { Results } from './results.ts';
import { measure, type Run, warmUp } from './rounds.ts';
import { type Dimension, DIMENSIONS } from './scale/dimensions.ts';
import { fillStore } from './scale/filled-store.ts';
import { dimensionReport, valueName, wrongAnswers } from './scale/scale-report.ts';
import type { Workload } from './scenarios.ts';
import type { Server } from './server.ts';
import { newState, Stand } from './stand.ts';
import { TokenMaker } from './tokens.ts';

const { values } = parseArgs({
  options: {
    /** Names of dimensions; all of them without. */
    only: { type: 'string', multiple: true },
    /** Larger values are left out: to try things out. */
    'up-to': { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    port: { type: 'string', default: '9500' },
  },
});
const rounds = Number(values.rounds);

const say = (text: string) => process.stdout.write(`${text}\n`);
const tell = (text: string) => process.stderr.write(`${text}\n`);

function chosen() {
  const known = Object.entries(DIMENSIONS);
  const { only } = values;
  const strange = only?.filter((name) => !Object.hasOwn(DIMENSIONS, name)) ?? [];
  if (strange.length === 0) return known.filter(([name]) => only?.includes(name) ?? true);
  tell(`--only ${strange.join(', ')}: expected ${Object.keys(DIMENSIONS).join(', ')}`);
  process.exit(2);
}

interface Started {
  readonly server: Server;
  readonly workload: Workload;
}

/** A proxy for each value, warm and with what it remembers. */
async function startAll({ steps }: Dimension, stand: Stand): Promise<readonly Started[]> {
  const started: Started[] = [];
  for (const [index, { value, workload, remembered = 0 }] of steps.entries()) {
    const state = newState();
    const server = await stand.proxy(valueName(value), index + 1, { state });
    if (remembered > 0) fillStore(state, remembered);
    started.push({ server, workload });
  }
  // When the last store is full: V8 gives back what it has compiled while nobody asks.
  for (const { server, workload } of started) await warmUp(server, workload);
  return started;
}

async function measureAll(
  dimension: Dimension,
  stand: Stand,
  placement: Placement,
): Promise<readonly Run[]> {
  const started = await startAll(dimension, stand);
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, workload } of round % 2 === 0 ? started : started.toReversed()) {
      runs.push(await measure(server, workload, round, placement));
    }
  }
  await Promise.all(started.map(({ server }) => server.stop()));
  return runs;
}

// What was started ends with this process, and that it does at its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const beganMs = Date.now();
const seconds = () => Math.round((Date.now() - beganMs) / 1000);
const tokens = await TokenMaker.create();
// Before anybody has a core to itself: it takes both to sign 100,000 tokens in a quarter of a minute.
const dimensions: Dimension[] = [];
for (const [, make] of chosen()) dimensions.push(await make(tokens, Number(values['up-to'])));
tell(`what is asked for is there after ${seconds()} s`);
const placement = Placement.take();
say(`${machine()}; ${placement.describe()}; ${rounds} interleaved rounds, medians`);
const stand = new Stand(placement, Number(values.port), tokens.keySet, []);
const upstream = await stand.upstream();
for (const dimension of dimensions) {
  const runs = await measureAll(dimension, stand, placement);
  say(`\n${dimensionReport(dimension, new Results(runs))}`);
  if (wrongAnswers(runs) > 0) process.exitCode = 1;
  tell(`${dimension.id} took until ${seconds()} s`);
}
await upstream.stop();
