// Whether creates happen once: many callers, faults and kills, then a checker of all that was asked,
// answered and stored; and how Microsoft's SDK fares without the proxy. `npm run history`.
import { parseArgs } from 'node:util';
import { details, table } from './report.ts';
import { type Run, runProxy, runSdk } from './run.ts';
import { STORES, type StoreName } from './stores.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    creates: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '50' },
    concurrency: { type: 'string', default: '64' },
    store: { type: 'string', multiple: true, default: ['sqlite', 'postgres', 'sdk'] },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const [creates, kills] = [Number(values.creates), Number(values.kills)];
/** Ten times in a run, for whoever waits. */
const onBegun = (count: number) => {
  if (count % Math.ceil(creates / 10) === 0) process.stderr.write(`${count} begun\n`);
};
const options = { seed, creates, kills, concurrency: Number(values.concurrency), onBegun };
const say = (text: string) => process.stdout.write(`${text}\n`);

say(`npm run history -- --seed ${seed} --creates ${creates} --kills ${kills}`);
const runs: Run[] = [];
for (const name of values.store) {
  const run = name === 'sdk' ? await runSdk(options) : await runProxy(storeName(name), options);
  // The SDK is there to be compared with, not to pass.
  if (name !== 'sdk' && run.violations.length > 0) process.exitCode = 1;
  say(details(run));
  runs.push(run);
}
say(`\nseed ${seed}\n\n${table(runs)}`);

function storeName(name: string): StoreName {
  if (Object.hasOwn(STORES, name)) return name as StoreName;
  throw new TypeError(`--store ${name}: expected sqlite, postgres or sdk`);
}
