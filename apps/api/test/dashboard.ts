import { readFileSync } from 'node:fs';
import { isObject } from '@bookings/domain';
import { DASHBOARD_FILE } from '../deploy/grafana/dashboard.ts';
import { jsonObject, objectIn } from './json.ts';

/** A panel with its queries. */
export interface Panel {
  readonly title: string;
  /** The legends have labels as `{{label}}`. */
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

const objects = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);
// The file that Grafana imports, not the panels from which it is made.
const DASHBOARD = jsonObject(readFileSync(DASHBOARD_FILE, 'utf8'));

export const PANELS: readonly Panel[] = objects(DASHBOARD['panels'])
  .filter(({ type }) => type !== 'row')
  .map(({ title, targets }) => ({
    title: String(title),
    queries: objects(targets).map(({ expr, legendFormat }) => ({
      expr: String(expr),
      legend: String(legendFormat),
    })),
  }));

/** The queries of the variables, by name. */
export const VARIABLES: Readonly<Record<string, string>> = Object.fromEntries(
  objects(objectIn(DASHBOARD, 'templating')['list'])
    .filter(({ type }) => type === 'query')
    .map((variable) => [String(variable['name']), String(objectIn(variable, 'query')['query'])]),
);

/** The query as Grafana sends it. */
export function withVariables(expr: string, job: string, instance: string): string {
  return expr
    .replaceAll('$__rate_interval', '10m')
    .replaceAll('$job', job)
    .replaceAll('$instance', instance);
}
