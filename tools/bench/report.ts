/** The measurements of one server in one round. */
export interface Measured {
  readonly server: string;
  readonly readyMs: number; // From its start to the log line with the address.
  readonly cpuUs: number; // Processor time of a create at saturation.
  readonly perSecond: number; // Creates at saturation.
  readonly cpuAtRateUs: number; // Processor time of a create at the steady rate.
  readonly p50Ms: number; // Latencies at the steady rate, from when a create was due.
  readonly p99Ms: number;
  readonly residentMb: number; // At the end.
  readonly others: number; // Share of the machine that other processes, or its host, took.
}

type Figure = Exclude<keyof Measured, 'server'>;

/** The limit for the difference between servers in the processor time that others took. */
const MAX_DIFFERENCE = 0.05;

/** The names of the servers, in the order of the table. */
export const TITLES = {
  proxy: 'this proxy',
  other: 'this proxy, the other build',
  bare: '@fastify/http-proxy, no checks',
  fastify: 'Fastify by hand',
  'nest-fastify': 'Nest on Fastify',
  nest: 'textbook Nest',
} as const;

/** NaN for an empty list. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/** The quantile `part` of `sorted` by nearest rank; NaN for an empty list. */
export function percentile(sorted: ArrayLike<number>, part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

/** One measurement of a server for each round. */
const of = (all: readonly Measured[], server: string, figure: Figure) =>
  all.filter((each) => each.server === server).map((each) => each[figure]);

type Compare = (proxy: number, peer: number) => number;

/** The median over the rounds of the comparison of the proxy with a peer. */
const compared = (all: readonly Measured[], figure: Figure, peer: string, compare: Compare) => {
  const peers = of(all, peer, figure);
  return median(of(all, 'proxy', figure).map((proxy, at) => compare(proxy, peers[at] ?? NaN)));
};
const ratio = (all: readonly Measured[], peer: string) =>
  compared(all, 'cpuUs', peer, (a, b) => a / b);

const text = (value: number, digits = 0) => (Number.isNaN(value) ? '-' : value.toFixed(digits));

/** A table in Markdown with medians over the rounds, and where useful their minimum and maximum. */
export function table(all: readonly Measured[], perSecond: number): string {
  const head = [
    ...['server', 'CPU µs', "proxy's, of it", 'creates/s', `CPU µs at ${perSecond}/s`],
    ...['p50 ms', 'p99 ms', 'resident MB', 'ready ms', 'others took'],
  ];
  const present = Object.entries(TITLES).filter(([name]) => of(all, name, 'cpuUs').length > 0);
  const rows = present.map(([server, title]) => {
    const middle = (figure: Figure, digits = 0) => text(median(of(all, server, figure)), digits);
    const spread = (figure: Figure, digits = 0) => {
      const values = of(all, server, figure);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      return `${middle(figure, digits)} (${text(least, digits)} to ${text(most, digits)})`;
    };
    return [
      ...[title, spread('cpuUs'), text(ratio(all, server), 2), middle('perSecond')],
      ...[middle('cpuAtRateUs'), middle('p50Ms', 1), spread('p99Ms', 1), middle('residentMb')],
      ...[middle('readyMs'), `${text(100 * median(of(all, server, 'others')))} %`],
    ];
  });
  return markdown([head, ...rows]);
}

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_none, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const rule = widths?.map((width) => '-'.repeat(width)) ?? [];
  const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths?.[at] ?? 0));
  return rows
    .toSpliced(1, 0, rule)
    .map((row) => `| ${line(row).join(' | ')} |`)
    .join('\n');
}

/** A line for each guard rail, and the exit code: 1 for a missed one, 2 for no verdict. */
export function verdict(all: readonly Measured[], perSecond: number) {
  const cpu = (peer: keyof typeof TITLES, most: number) =>
    [`CPU of a create, of ${TITLES[peer]}`, ratio(all, peer), most] as const;
  const over = compared(all, 'p99Ms', 'fastify', (a, b) => a - b);
  const rails = [
    ...[cpu('bare', 1.6), cpu('nest-fastify', 0.65), cpu('nest', 0.2)],
    [`p99 at ${perSecond}/s in ms, over ${TITLES.fastify}`, over, 2] as const,
    ['ms from start to ready', median(of(all, 'proxy', 'readyMs')), 700] as const,
  ];
  const servers = [...new Set(all.map(({ server }) => server))];
  const shares = servers.map((server) => median(of(all, server, 'others')));
  const difference = Math.max(...shares) - Math.min(...shares);
  const isWithheld = difference > MAX_DIFFERENCE;
  const lines = rails.map(([name, measured, most]) => {
    if (Number.isNaN(measured)) return `not measured: ${name} (at most ${most})`;
    const outcome = isWithheld ? 'no verdict' : measured <= most ? 'holds' : 'missed';
    return `${outcome}: ${name}: ${text(measured, 2)} (at most ${most})`;
  });
  if (isWithheld) {
    lines.push(
      `No verdict: of one server others took ${text(100 * difference)} points more of the machine than of another, and at most ${100 * MAX_DIFFERENCE} are allowed. Measure again when nothing else runs.`,
    );
  }
  const isMissed = rails.some(([, measured, most]) => measured > most);
  return { text: lines.join('\n'), exitCode: isWithheld ? 2 : Number(isMissed) };
}
