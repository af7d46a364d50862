// What the first creates after a time without any cost, beside those before it: V8 may throw away
// while nobody asks what it has compiled. `npm run rest-cost`; prints figures and judges nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { run } from './load.ts';
import { machine, Placement } from './placement.ts';
import { type Row, megabytes, number, table, TITLES } from './report.ts';
import { warmUp } from './rounds.ts';
import { scenarios, type Workload } from './scenarios.ts';
import type { Server } from './server.ts';
import { Stand, preparePeers } from './stand.ts';
import { TokenMaker } from './tokens.ts';

const { values } = parseArgs({
  options: {
    /** Seconds; V8 begins to collect after eight. */
    rest: { type: 'string', default: '15' },
    port: { type: 'string', default: '9800' },
  },
});
const port = Number(values.port);
const say = (text: string) => process.stdout.write(`${text}\n`);

const WINDOW_MS = 250;
const SECONDS = 5;
/** Of the windows after a rest. */
const SHOWN = 4;

/** Processor time per create in each window of a load, in µs. */
async function course(server: Server, { load, requests }: Workload): Promise<readonly number[]> {
  const next = await requests(0);
  const windows: number[] = [];
  let answers = 0;
  let sinceMs = server.account.processorMs;
  const count = () => {
    answers += 1;
  };
  const timer = setInterval(() => {
    const nowMs = server.account.processorMs;
    windows.push(((nowMs - sinceMs) * 1000) / answers);
    [sinceMs, answers] = [nowMs, 0];
  }, WINDOW_MS);
  const counted = () => {
    const request = next();
    return typeof request === 'string' ? { text: request, told: count } : request;
  };
  await run(server.port, { ...load, warmSeconds: 0, seconds: SECONDS }, counted, () => undefined);
  clearInterval(timer);
  return windows;
}

preparePeers();
const tokens = await TokenMaker.create();
const placement = Placement.take();
say(`${machine()}; ${placement.describe()}`);
const stand = new Stand(placement, port, tokens.keySet, []);
const upstream = await stand.upstream();
const [create] = await scenarios(tokens, { long: false, perSecond: 1 });
if (!create) throw new Error('nothing to measure');

async function row(name: 'proxy' | 'fastify', server: Server, create: Workload): Promise<Row> {
  await warmUp(server, create);
  const before = await course(server, create);
  const loaded = server.account.residentBytes;
  await sleep(Number(values.rest) * 1000);
  const rested = server.account.residentBytes;
  const after = await course(server, create);
  await server.stop();
  const figures = [before.at(-1) ?? NaN, ...after.slice(0, SHOWN), after.at(-1) ?? NaN];
  return [TITLES[name], ...figures.map((us) => number(us)), megabytes(loaded), megabytes(rested)];
}

const rows = [
  await row('proxy', await stand.proxy('proxy', 1), create),
  await row('fastify', await stand.peer('fastify', 2), create),
];
await upstream.stop();
const quarters = ['1st', '2nd', '3rd', '4th'].map((nth) => `${nth} 0.25 s`);
const head = ['CPU µs per create', `before ${values.rest} s of rest`, ...quarters];
say(`\n${table([...head, `after ${SECONDS} s`, 'MB before', 'MB rested'], rows)}`);
