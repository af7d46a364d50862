// Checks that each create happens exactly once, in spite of faults and killed processes. For
// comparison, it runs the same workload with Microsoft's SDK and no proxy. Run with `npm run history`.
import { parseArgs } from 'node:util';
import { details, exceedsWorkLimit, table } from './report.ts';
import { type Run, runProxy, runSdk, runSdkThroughProxy } from './history-run.ts';
import { STORES, type StoreName } from './stores.ts';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run history -- [OPTION VALUE]...
  --seed N          repeats a run; without it a new one
  --creates 100000
  --kills 50        of the processes, spread over the run
  --jumps 0         of the store's clock, by an hour
  --restores 0      of a copy of the store, under guard; customers are then all different
  --concurrency 64
  --store NAME      sqlite, postgres or sdk; may be repeated; without it all three
  --unkeyed         also Microsoft's SDK through the proxy, without keys, with each store
`);
  process.exit(0);
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    creates: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '50' },
    jumps: { type: 'string', default: '0' },
    restores: { type: 'string', default: '0' },
    concurrency: { type: 'string', default: '64' },
    store: { type: 'string', multiple: true, default: ['sqlite', 'postgres', 'sdk'] },
    unkeyed: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const [creates, kills] = [Number(values.creates), Number(values.kills)];
/** Reports progress ten times in a run. */
const onStarted = (count: number) => {
  if (count % Math.ceil(creates / 10) === 0) process.stderr.write(`${count} started\n`);
};
const [jumps, restores] = [Number(values.jumps), Number(values.restores)];
const concurrency = Number(values.concurrency);
const options = { seed, creates, kills, jumps, restores, concurrency, onStarted };
const print = (text: string) => process.stdout.write(`${text}\n`);

const incidents = `--kills ${kills} --jumps ${jumps} --restores ${restores}`;
print(`npm run history -- --seed ${seed} --creates ${creates} ${incidents}`);
const runs: Run[] = [];
for (const name of values.store) {
  const run = name === 'sdk' ? await runSdk(options) : await runProxy(storeName(name), options);
  // Violations are expected with the SDK.
  if (name !== 'sdk' && (run.violations.length > 0 || exceedsWorkLimit(run))) process.exitCode = 1;
  print(details(run));
  runs.push(run);
  if (name === 'sdk' || !values.unkeyed) continue;
  const unkeyed = await runSdkThroughProxy(storeName(name), options);
  if (unkeyed.figures.duplicates > 0 || exceedsWorkLimit(unkeyed)) process.exitCode = 1;
  print(details(unkeyed));
  runs.push(unkeyed);
}
print(`\nseed ${seed}\n\n${table(runs)}`);
// PostgreSQL's package would end the process with 0, whatever `exitCode` says.
process.exit();

function storeName(name: string): StoreName {
  if (Object.hasOwn(STORES, name)) return name as StoreName;
  throw new TypeError(`--store ${name}: expected sqlite, postgres or sdk`);
}
