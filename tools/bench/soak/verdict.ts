import { type Sample, timers } from './sample.ts';
import { leastOfMinutes, mean, type Point, slopePerMinute } from './trend.ts';

/** All samples of a soak. */
export interface Soaked {
  readonly minutes: number;
  /** When nothing was asked yet for some seconds, but the process was warm. */
  readonly before: Sample;
  /** While it was asked. */
  readonly samples: readonly Sample[];
  /** When nothing was asked any more for some seconds. */
  readonly after: Sample;
}

/** One figure of the proxy in four times of a soak, and whether it grows. */
export interface Verdict {
  readonly name: string;
  readonly firstMinute: number;
  readonly earlier: number;
  readonly last: number;
  readonly idle: number;
  /** What `grows` was decided by. */
  readonly because: string;
  /** Undefined where nothing is expected of it. */
  readonly grows: boolean | undefined;
}

const MEGABYTE = 1024 * 1024;
/** So much a minute may bring, over the last minutes. */
const MOST_MB_PER_MINUTE = 1;
/** Connections to the upstream are as many as were ever needed at once, which may still rise a little. */
const MOST_CONNECTIONS_PER_MINUTE = 8;
const LAST_MINUTES = 5;
/** Two minutes: what fewer say is noise. */
const LEAST_SAMPLES = 12;

type Judge = (soaked: Soaked, of: (sample: Sample) => number) => Pick<Verdict, 'because' | 'grows'>;

/** The last minutes, or half of a soak that is shorter than two times as many. */
export function lastMinutes({ minutes, samples }: Soaked): readonly Sample[] {
  const fromSeconds = (minutes - Math.min(LAST_MINUTES, minutes / 2)) * 60;
  return samples.filter(({ atSeconds }) => atSeconds > fromSeconds);
}

/** Less than `most` a minute over the last minutes, of `points`. */
const slope =
  (most: number, points: (all: readonly Point[]) => readonly Point[] = (all) => all): Judge =>
  (soaked, of) => {
    const last = lastMinutes(soaked);
    if (last.length < LEAST_SAMPLES) return { because: 'too short to say', grows: undefined };
    const all = last.map((sample) => ({ atSeconds: sample.atSeconds, value: of(sample) }));
    const each = slopePerMinute(points(all));
    return { because: `${each.toFixed(2)} a minute`, grows: each >= most };
  };

/** Not more at the end than before, but for what `allowed` says. */
const returns =
  (allowed: (soaked: Soaked) => number = () => 0): Judge =>
  (soaked, of) => {
    const most = of(soaked.before) + allowed(soaked);
    return { because: `idle at most ${most}`, grows: of(soaked.after) > most };
  };

/** Connections to the upstream are kept: there may be more or fewer of them than before. */
const moreKept = ({ before, after }: Soaked) => after.upstream - before.upstream;

const nothing: Judge = () => ({ because: '', grows: undefined });

const FIGURES: readonly [name: string, of: (sample: Sample) => number, judge: Judge][] = [
  ['resident MB', ({ residentBytes }) => residentBytes / MEGABYTE, slope(MOST_MB_PER_MINUTE)],
  [
    'heap MB, least of each minute',
    ({ heapBytes }) => heapBytes / MEGABYTE,
    slope(MOST_MB_PER_MINUTE, leastOfMinutes),
  ],
  ['descriptors', ({ descriptors }) => descriptors, returns(moreKept)],
  ['sockets', ({ sockets }) => sockets, returns(moreKept)],
  ['of these to the upstream', ({ upstream }) => upstream, slope(MOST_CONNECTIONS_PER_MINUTE)],
  ['timers', timers, returns()],
  ['threads', ({ threads }) => threads, returns()],
  ['in flight', ({ inFlight }) => inFlight, returns()],
  ['event loop lag p99, ms', ({ lagP99Ms }) => lagP99Ms, nothing],
];

export function verdicts(soaked: Soaked): readonly Verdict[] {
  const { samples, after } = soaked;
  const last = lastMinutes(soaked);
  const warm = samples.filter(({ atSeconds }) => atSeconds >= 60);
  const earlier = warm.filter((sample) => !last.includes(sample));
  return FIGURES.map(([name, of, judge]) => ({
    name,
    firstMinute: mean(warm.slice(0, 1).map(of)),
    earlier: mean(earlier.map(of)),
    last: mean(last.map(of)),
    idle: of(after),
    ...judge(soaked, of),
  }));
}
