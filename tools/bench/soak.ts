// Whether anything grows in the production process, or gets lost: creates and reads at a steady rate,
// with an upstream that fails and callers that leave. `npm run soak`; ten minutes, or `--minutes N`.
// Its exit status is 1 when something grows or an answer cannot be explained.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LEFT, LOST } from './connection.ts';
import { type LoadResult, run } from './load.ts';
import { machine, Placement } from './placement.ts';
import { number } from './report.ts';
import { BUSINESSES } from './requests.ts';
import type { Server } from './server.ts';
import { missing, unexplained } from './soak/explained.ts';
import { type Sample, takeSample } from './soak/sample.ts';
import { endTable, minuteHead, minuteLine, verdictTable } from './soak/soak-report.ts';
import { Traffic } from './soak/traffic.ts';
import { verdicts } from './soak/verdict.ts';
import { Stand } from './stand.ts';
import { percentile } from './statistics.ts';
import { TokenMaker } from './tokens.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    minutes: { type: 'string', default: '10' },
    /** Requests per second; without it so many as `SHARE` of what the process can do. */
    rate: { type: 'string' },
    faults: { type: 'boolean', default: true },
    port: { type: 'string', default: '9600' },
  },
});
const minutes = Number(values.minutes);
const { faults } = values;

const SHARE = 0.8;
/** A create with a key may take its whole deadline of 20 s to find out what became of it. */
const DRAIN_SECONDS = 25;
/** Of the trial so many that the proxy has always something to do while others wait for faults. */
const TRIAL = { connections: 256, warmSeconds: 5, seconds: 5, drainSeconds: DRAIN_SECONDS };
/** Enough for all that wait for a slow upstream at once. */
const CONNECTIONS = 512;
/** A median beyond means that requests waited for one another, and the figures are of that. */
const KEPT_UP_WITHIN_MS = 500;
const IDLE_SECONDS = 15;
const SAMPLE_SECONDS = 10;
const SAMPLES_PER_MINUTE = 60 / SAMPLE_SECONDS;

const say = (text: string) => process.stdout.write(`${text}\n`);
const ignore = () => undefined;

/** Samples the proxy while it is asked, and says a line for each minute. */
async function watch(proxy: Server, upstream: Server, traffic: Traffic): Promise<Sample[]> {
  const beganMs = performance.now();
  const samples: Sample[] = [];
  let answered = 0;
  while ((samples.length + 1) * SAMPLE_SECONDS <= minutes * 60) {
    const dueMs = beganMs + (samples.length + 1) * SAMPLE_SECONDS * 1000;
    await sleep(dueMs - performance.now());
    const atSeconds = (samples.length + 1) * SAMPLE_SECONDS;
    samples.push(await takeSample(proxy, upstream.port, atSeconds));
    if (samples.length % SAMPLES_PER_MINUTE > 0) continue;
    const perSecond = (traffic.answered - answered) / 60;
    answered = traffic.answered;
    say(minuteLine(atSeconds / 60, perSecond, samples.slice(-SAMPLES_PER_MINUTE)));
  }
  return samples;
}

/** Says what came of the requests. @returns whether all of it is explained */
function accountFor(traffic: Traffic, load: LoadResult, endedAtProxy: number): boolean {
  const { asked, answered, ends } = traffic;
  const [left, lost] = [traffic.count(LEFT), traffic.count(LOST)];
  const strange = unexplained(ends, faults);
  const { unsent, latenciesMs } = load;
  const gaps = missing({ asked, answered, left, lost, unsent, endedAtProxy });
  const [p50Ms, p99Ms] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.99)];
  say(`\n${endTable(ends)}\n`);
  say(
    `${asked} were asked, ${answered} answered, ${left} left before, ${strange} ended in a way that nothing explains; p50 ${number(p50Ms, 1)} ms, p99 ${number(p99Ms, 1)} ms.`,
  );
  say(gaps.length === 0 ? 'Every request is accounted for.' : `NOT ALL: ${gaps.join('; ')}.`);
  if (p50Ms > KEPT_UP_WITHIN_MS) {
    say('The rate was NOT KEPT UP with: it is too high, or others took the processor.');
  }
  return strange === 0 && gaps.length === 0;
}

/** What is there at saturation, of requests of the very kind that follows; leaves the process warm. */
async function trial(proxy: Server, traffic: Traffic) {
  const processorMs: number[] = [];
  const mark = () => processorMs.push(proxy.account.processorMs);
  const { answers, seconds } = await run(proxy.port, TRIAL, traffic.next, mark);
  const [begin = NaN, end = NaN] = processorMs;
  return { perSecond: answers / seconds, cores: (end - begin) / 1000 / seconds };
}

// What was started ends with this process, and that it does at its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const tokens = await TokenMaker.create();
const token = await tokens.make();
/** The same mix of requests, counted from nought. */
const newTraffic = () => new Traffic(faults ? 'faulty' : 'b', token, faults);
const placement = Placement.take();
const stand = new Stand(placement, Number(values.port), tokens.keySet, []);
const upstream = await stand.upstream('faulty-upstream.ts');
const proxy = await stand.proxy('proxy', 1);
const most = await trial(proxy, newTraffic());
const perSecond =
  values.rate === undefined ? Math.round(SHARE * most.perSecond) : Number(values.rate);
say(`${machine()}; ${placement.describe()}`);
say(
  `${perSecond} requests a second for ${minutes} minutes, of ${number(most.perSecond)} at saturation, with ${number(most.cores, 2)} of a core; ${BUSINESSES} businesses; ${faults ? 'with' : 'without'} faults\n`,
);
await sleep(IDLE_SECONDS * 1000);
const before = await takeSample(proxy, upstream.port, -IDLE_SECONDS);
say(minuteHead());
const traffic = newTraffic();
const load = { connections: CONNECTIONS, perSecond, warmSeconds: 0, seconds: minutes * 60 };
const [result, samples] = await Promise.all([
  run(proxy.port, { ...load, drainSeconds: DRAIN_SECONDS }, traffic.next, ignore),
  watch(proxy, upstream, traffic),
]);
await sleep(IDLE_SECONDS * 1000);
const after = await takeSample(proxy, upstream.port, minutes * 60 + IDLE_SECONDS);
const judged = verdicts({ minutes, before, samples, after });
say(`\n${verdictTable(judged)}`);
const explained = accountFor(traffic, result, after.ended - before.ended);
if (!explained || judged.some(({ grows }) => grows)) process.exitCode = 1;
await Promise.all([proxy.stop(), upstream.stop()]);
