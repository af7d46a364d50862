import { InFlight } from './observability/in-flight.ts';
import { Metrics } from './observability/metrics.ts';

/** A name of a metric in a text or a query. */
export const METRIC = /\b(?:bookings|nodejs|process)_\w+/g;

/** The names of the metrics, and what is summed of a histogram. */
export async function metricNames(): Promise<ReadonlySet<string>> {
  const statistics = () => Promise.resolve({ unknown: 0, guardedForMs: 0 });
  const text = (await new Metrics(new InFlight(), statistics).text()).toString('utf8');
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  const parts = (name = '', type = '') =>
    type === 'histogram' ? [name, `${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
  return new Set(types.flatMap(([, name, type]) => parts(name, type)));
}
