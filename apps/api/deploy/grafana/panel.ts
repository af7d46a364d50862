import { quantile } from './queries.ts';

export interface Query {
  readonly expr: string;
  /** May contain labels as `{{label}}`. */
  readonly legend: string;
}
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's. */
  readonly unit: string;
  /** Default: `timeseries`, over time. `stat` shows the last value. */
  readonly type?: 'timeseries' | 'stat';
  /** Where a line is drawn, which values should not pass. */
  readonly limit?: number;
  readonly queries: readonly Query[];
}
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The goal is that 99.5 % of the requests get no 5xx, as in the alert for the error budget. */
export const ERROR_BUDGET = 0.005;

/** The median, and the latencies that 5 % and 1 % exceed. */
export const quantiles = (histogram: string, labels = ''): Query[] =>
  [0.5, 0.95, 0.99].map((share) => ({
    expr: quantile(share, histogram, labels),
    legend: `${share * 100} %`,
  }));
