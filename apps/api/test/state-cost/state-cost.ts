// What remembering a create costs: latency and processor time of one keyed life cycle (claim, send,
// done) in SQLite and in PostgreSQL, idle and full, and what a purge does to everybody else. The
// table at the end has the three events by themselves, each asked for alone.
// `npm run state-cost`; prints figures and judges nothing. PostgreSQL's own processor time is not
// in them: it has processes of its own.
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openStore } from '../../src/idempotency/open-store.ts';
import { openMeasured, type MeasuredState } from './measured-state.ts';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '1500' },
    seconds: { type: 'string', default: '5' },
    records: { type: 'string', default: '0,100000,1000000' },
  },
});
const CYCLES = Number(values.cycles);
const SECONDS = Number(values.seconds);
const PER_SECOND = 500;
const ANSWER = new Uint8Array(randomBytes(1000));
const RETENTION_MS = 24 * 3_600_000;

type Store = Awaited<ReturnType<typeof openStore>>;

const say = (text: string) => process.stdout.write(`${text}\n`);
const digest = () => randomBytes(32).toString('base64url');

/** @returns how many milliseconds its three events took */
async function events(store: Store): Promise<readonly number[]> {
  const atMs = [performance.now()];
  const [key, content, customer] = [digest(), digest(), digest()];
  const claimed = await store.apply(key, { kind: 'claim', content, leaseMs: 30_000 });
  atMs.push(performance.now());
  if (claimed.kind !== 'claimed') throw new Error(`a new key is ${claimed.kind}`);
  const { fence } = claimed;
  await store.apply(key, { kind: 'send', fence, leaseMs: 30_000 });
  atMs.push(performance.now());
  await store.apply(key, { kind: 'done', fence, customer, answer: ANSWER });
  atMs.push(performance.now());
  return atMs.slice(1).map((ms, index) => ms - (atMs[index] ?? NaN));
}

/** @returns how many milliseconds it took */
async function cycle(store: Store): Promise<number> {
  return (await events(store)).reduce((sum, ms) => sum + ms, 0);
}

const table = [
  '| store | records | claim p50 / p99 ms | send | done |',
  '|---|---:|---:|---:|---:|',
];

/** One after another, for the table. @returns how long each whole cycle took */
async function alone(store: Store, name: string, records: string): Promise<number[]> {
  const took: (readonly number[])[] = [];
  while (took.length < CYCLES) took.push(await events(store));
  const cells = [0, 1, 2].map((event) => {
    const sorted = took.map((each) => each[event] ?? NaN).sort((one, other) => one - other);
    const at = (share: number) => (sorted[Math.floor(CYCLES * share)] ?? NaN).toFixed(2);
    return `${at(0.5)} / ${at(0.99)}`;
  });
  table.push(`| ${[name, records, ...cells].join(' | ')} |`);
  return took.map((each) => each.reduce((sum, ms) => sum + ms, 0));
}

async function together(store: Store, callers: number): Promise<number[]> {
  const took: number[] = [];
  let left = CYCLES;
  const caller = async () => {
    while (left-- > 0) took.push(await cycle(store));
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return took;
}

/** Whoever is slow does not keep the next from beginning. */
async function steadily(store: Store): Promise<number[]> {
  const under: Promise<number>[] = [];
  const beganMs = performance.now();
  while (under.length < PER_SECOND * SECONDS) {
    const due = ((performance.now() - beganMs) / 1000) * PER_SECOND;
    while (under.length < due) under.push(cycle(store));
    await sleep(1);
  }
  return Promise.all(under);
}

async function measure(name: string, work: () => Promise<number[]>): Promise<void> {
  const [beganMs, before, thread] = [
    performance.now(),
    process.cpuUsage(),
    process.threadCpuUsage(),
  ];
  const took = (await work()).sort((one, other) => one - other);
  const ofThread = process.threadCpuUsage(thread);
  const ofProcess = process.cpuUsage(before);
  const perSecond = took.length / ((performance.now() - beganMs) / 1000);
  const at = (share: number) =>
    (took[Math.floor(took.length * share)] ?? NaN).toFixed(1).padStart(8);
  const micros = ({ user, system }: NodeJS.CpuUsage) =>
    ((user + system) / took.length).toFixed(0).padStart(6);
  say(
    `  ${name.padEnd(34)}${at(0.5)}${at(0.99)}${perSecond.toFixed(0).padStart(8)}` +
      `${micros(ofThread)}${micros(ofProcess)}`,
  );
}

async function purging(store: Store, work: () => Promise<number[]>): Promise<number[]> {
  let ended = false;
  const purge = async () => {
    let [batches, slowestMs] = [0, 0];
    while (!ended) {
      const beganMs = performance.now();
      if ((await store.purge(RETENTION_MS, 500)) > 0) batches += 1;
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
      await sleep(100);
    }
    say(`  (${batches} batches of 500, the slowest ${slowestMs.toFixed(0)} ms)`);
  };
  const both = Promise.all([
    work().finally(() => {
      ended = true;
    }),
    purge(),
  ]);
  return (await both)[0];
}

async function costs(state: MeasuredState): Promise<void> {
  const store = await openStore(state.url, { secretCheck: 'cost' });
  for (let round = 0; round < 300; round += 1) await cycle(store);
  let full = 0;
  for (const records of values.records.split(',').map(Number)) {
    await state.fill(records, 0);
    say(
      `${state.name}, ${records} records more`.padEnd(36) +
        '  p50 ms  p99 ms    each/s   main  all µs',
    );
    full += records;
    await measure('1 caller', () => alone(store, state.name, full.toLocaleString('en')));
    await measure('32 callers', () => together(store, 32));
    await measure(`${PER_SECOND} a second`, () => steadily(store));
    const beganMs = performance.now();
    await store.figures();
    say(`  figures took ${(performance.now() - beganMs).toFixed(1)} ms`);
  }
  await state.fill(50_000, 2 * RETENTION_MS);
  await measure('while 50,000 old ones are purged', () => purging(store, () => steadily(store)));
  await state.fill(50_000, 2 * RETENTION_MS);
  const purged = `${full.toLocaleString('en')}, while old ones are purged`;
  await measure('the same, 1 caller', () => purging(store, () => alone(store, state.name, purged)));
  await store.close();
}

for (const state of await openMeasured()) {
  await costs(state);
  await state.remove();
}
say(`\n${table.join('\n')}`);
