// What an Idempotency-Key costs a create: processor time of the API's process and latency, without a
// key, and with one in SQLite and in PostgreSQL, in interleaved rounds of one run.
// `npm run keyed-cost`; prints figures and judges nothing. The thread that writes SQLite's file is
// in its process's time; PostgreSQL's own processes are not. Latency counts from when a create was
// due, the generator's own delay included.
import { parseArgs } from 'node:util';
import { startVariants, type Variant } from './keyed-cost/variants.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    requests: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '4' },
    rate: { type: 'string', default: '500' },
    port: { type: 'string', default: '3990' },
  },
});
const REQUESTS = Number(values.requests);
const SECONDS = Number(values.seconds);
const CALLERS = 32;
/** For a machine that cannot do `--rate` without keys. */
const SLOW_RATE = 200;

/** Of one variant in one round. */
interface Measured {
  readonly cpuUs: number;
  readonly cpuSteadyUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Waits for the disk per create, at the steady rate. */
  readonly waits: number;
}

const say = (text: string) => process.stdout.write(`${text}\n`);

async function measure({ api, load, waits }: Variant, rate: number): Promise<Measured> {
  const coldMs = api.processorMs;
  await load.together(REQUESTS, CALLERS);
  const [betweenMs, before] = [api.processorMs, await waits()];
  const took = (await load.steadily(rate, SECONDS)).sort((one, other) => one - other);
  const at = (share: number) => took[Math.floor(took.length * share)] ?? NaN;
  return {
    cpuUs: ((betweenMs - coldMs) / REQUESTS) * 1000,
    cpuSteadyUs: ((api.processorMs - betweenMs) / took.length) * 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    waits: ((await waits()) - before) / took.length,
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

/** Medians over the rounds, also of what each round has more than the unkeyed one beside it. */
function row(name: string, rounds: readonly Measured[], unkeyed: readonly Measured[]): string {
  const over = (of: (measured: Measured) => number, how: (one: number, base: number) => number) =>
    median(rounds.map((round, index) => how(of(round), of(unkeyed[index] ?? round))));
  const own = (of: (measured: Measured) => number) => over(of, (one) => one);
  const more = (of: (measured: Measured) => number) => over(of, (one, base) => one - base);
  const ratio = (of: (measured: Measured) => number) => over(of, (one, base) => one / base);
  const cells = [
    ...[({ cpuUs }: Measured) => cpuUs, ({ cpuSteadyUs }: Measured) => cpuSteadyUs].flatMap(
      (of) => [own(of).toFixed(0), more(of).toFixed(0), ratio(of).toFixed(2)],
    ),
    ...[({ p50Ms }: Measured) => p50Ms, ({ p99Ms }: Measured) => p99Ms].flatMap((of) => [
      own(of).toFixed(1),
      more(of).toFixed(1),
    ]),
    own(({ waits }) => waits).toFixed(2),
  ];
  return `| ${[name, ...cells].join(' | ')} |`;
}

async function rateOf({ load }: Variant): Promise<number> {
  const asked = Number(values.rate);
  const able = (REQUESTS / (await load.together(REQUESTS, CALLERS))) * 1000;
  return able > 1.2 * asked ? asked : Math.min(asked, SLOW_RATE);
}

const { variants, stop } = await startVariants(Number(values.port));
const [plain] = variants;
if (!plain) throw new TypeError('nothing to compare with');
for (const { load } of variants) await load.together(2 * REQUESTS, CALLERS);
const rate = await rateOf(plain);
const measured = new Map<string, Measured[]>(variants.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.rounds); round += 1) {
  // In turns: whoever comes first in one comes last in the next.
  const order = round % 2 === 0 ? variants : variants.toReversed();
  for (const each of order) measured.get(each.name)?.push(await measure(each, rate));
}
await stop();

const perSecond = `at ${rate}/s`;
const heads = [
  ...[`µs, ${CALLERS} at a time`, 'more', '×', `µs, ${perSecond}`, 'more', '×'],
  ...[`p50 ms, ${perSecond}`, 'more', `p99 ms, ${perSecond}`, 'more', 'disk waits'],
];
say(`| create | ${heads.join(' | ')} |`);
say(`|---${'|---:'.repeat(heads.length)}|`);
for (const [name, rounds] of measured) say(row(name, rounds, measured.get(plain.name) ?? []));
