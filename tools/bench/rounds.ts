import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Load, run } from './load.ts';
import type { Placement } from './placement.ts';
import type { Scenario, Target, Workload } from './scenarios.ts';
import type { Server } from './server.ts';
import { median, percentile } from './statistics.ts';

/** What one run of one scenario against one server gave. */
export interface Run {
  readonly scenario: string;
  readonly target: string;
  readonly round: number;
  readonly perSecond: number;
  /** Processor time per request, user and system. */
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** The p99 of the median second: where the machine stops for a moment is in a second of its own. */
  readonly secondP99Ms: number;
  readonly lateMs: number;
  readonly residentBytes: number;
  /** Share of the server's core that others took; NaN where that cannot be known. */
  readonly foreign: number;
  /** Answers that were not as they should be, of all. */
  readonly unexpected: number;
  readonly answers: number;
}

const WARM_UP: Pick<Load, 'warmSeconds' | 'seconds'> = { warmSeconds: 0, seconds: 5 };

/** A process that has just started costs twice what it costs later. */
export async function warmUp(server: Server, { load, requests }: Workload): Promise<void> {
  await run(server.port, { ...load, ...WARM_UP }, await requests(-1), () => undefined);
}

export async function measure(
  server: Server,
  workload: Workload,
  round: number,
  placement: Placement,
): Promise<Run> {
  const marks: { cpuMs: number; busyMs: number; atMs: number }[] = [];
  const mark = () => {
    marks.push({
      cpuMs: server.account.processorMs,
      busyMs: placement.serverCoreBusyMs,
      atMs: performance.now(),
    });
  };
  const next = await workload.requests(round);
  const result = await run(server.port, workload.load, next, mark);
  const [begin, end] = marks;
  if (!begin || !end) throw new Error(`${workload.id} ended before it was counted`);
  const cpuMs = end.cpuMs - begin.cpuMs;
  const all = result.latenciesMs.length;
  const right = workload.expected.reduce(
    (sum, status) => sum + (result.statuses.get(status) ?? 0),
    0,
  );
  return {
    scenario: workload.id,
    target: server.name,
    round,
    perSecond: result.answers / result.seconds,
    cpuUs: (cpuMs * 1000) / result.answers,
    p50Ms: percentile(result.latenciesMs, 0.5),
    p99Ms: percentile(result.latenciesMs, 0.99),
    p999Ms: percentile(result.latenciesMs, 0.999),
    secondP99Ms: median(result.bySecondMs.map((second) => percentile(second, 0.99))),
    lateMs: result.lateMs,
    residentBytes: server.account.residentBytes,
    foreign: Math.max(0, end.busyMs - begin.busyMs - cpuMs) / (end.atMs - begin.atMs),
    unexpected: all - right,
    answers: all,
  };
}

/** In this time a server does what it would have done while it stood still: V8 collects, to save memory. */
const COMES_TO_REST_MS = 1000;

/**
 * Each round measures everything once; who comes first takes turns. The others stand still meanwhile:
 * V8 collects a whole heap some seconds after the last request, which would be in somebody else's turn.
 *
 * @param rounds their numbers
 * @param said after each
 */
export async function playRounds(
  servers: ReadonlyMap<Target, Server>,
  scenarios: readonly Scenario[],
  rounds: readonly number[],
  placement: Placement,
  said: (round: number) => void,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  // The upstream is needed by all of them.
  const inTurn = [...servers].flatMap(([target, server]) =>
    target === 'straight' ? [] : [server],
  );
  for (const server of inTurn) server.pause();
  for (const round of rounds) {
    for (const scenario of scenarios) {
      const order = round % 2 === 0 ? scenario.targets : scenario.targets.toReversed();
      for (const target of order) {
        const server = servers.get(target);
        if (!server) continue;
        server.goOn();
        if (scenario.load.perSecond !== undefined) await sleep(COMES_TO_REST_MS);
        runs.push(await measure(server, scenario, round, placement));
        if (inTurn.includes(server)) server.pause();
      }
    }
    said(round);
  }
  for (const server of inTurn) server.goOn();
  return runs;
}
