// PromQL of the dashboard. Its variables choose the job and the processes of an installation.

const CHOSEN = 'job="$job",instance=~"$instance"';
/** Requests of operations, as the alert for the error budget counts them. */
export const OPERATIONS = 'operation!~"probe|unknown-path|other"';

/** The series of a metric that the variables choose. */
export const series = (metric: string, labels = ''): string =>
  `${metric}{${CHOSEN}${labels === '' ? '' : `,${labels}`}}`;

const sum = (by: string, expr: string) => (by === '' ? `sum(${expr})` : `sum by (${by}) (${expr})`);

/** Events a second, over the time between two points of the graph. */
export const rate = (metric: string, by = '', labels = ''): string =>
  sum(by, `rate(${series(metric, labels)}[$__rate_interval])`);

/** The number of events between two points of the graph, for events that are rare. */
export const events = (metric: string, by = '', labels = ''): string =>
  sum(by, `increase(${series(metric, labels)}[$__rate_interval])`);

/** The sum of a gauge over all processes. */
export const total = (metric: string, by = ''): string => sum(by, series(metric));

/** What the processes share, such as the store, is the same in each: the highest value counts. */
export const highest = (metric: string): string => `max(${series(metric)})`;

export const quantile = (share: number, histogram: string, labels = ''): string =>
  `histogram_quantile(${share}, ${rate(`${histogram}_bucket`, 'le', labels)})`;

/** The share of the requests of operations that got a 5xx, over a time such as `1h`. */
export function errorRatio(time: string): string {
  const requests = (labels: string) =>
    sum('', `rate(${series('bookings_http_requests_total', labels)}[${time}])`);
  return `${requests(`${OPERATIONS},status=~"5.."`)} / ${requests(OPERATIONS)}`;
}
