import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { complaintsOf } from './promtool.ts';
import { temporaryFolder } from './temporary-folder.ts';

const inFolder = (name: string) =>
  fileURLToPath(new URL(`../deploy/prometheus/${name}`, import.meta.url));
export const ALERTS = inFolder('alerts.yaml');
export const ALERTS_TEST = inFolder('alerts.test.yaml');

const SAMPLE = /^(\w+)(?:\{(.*)\})? (\S+)$/gm;

/** The series of scrapes a minute apart, as promtool's unit tests write them. */
function seriesOf(scrapes: readonly string[]): { series: string; values: string }[] {
  const values = new Map<string, string[]>();
  for (const [minute, text] of scrapes.entries()) {
    for (const [, name = '', labels = '', value = ''] of text.matchAll(SAMPLE)) {
      // promtool's notation has no NaN.
      if (!/^(?:bookings|nodejs_eventloop|process_start)_/.test(name) || value === 'NaN') continue;
      const series = `${name}{job="bookings-proxy",${labels}}`;
      const earlier = values.get(series) ?? Array.from({ length: minute }, () => '_');
      values.set(series, [...earlier, value]);
    }
    for (const each of values.values()) if (each.length <= minute) each.push('_');
  }
  return [...values].map(([series, each]) => ({ series, values: each.join(' ') }));
}

/**
 * Judges the alerts over scrapes of a process, as if they were a minute apart.
 *
 * @param fires the alerts that must fire at the last scrape, and no others
 * @returns what promtool has to say; nothing when these fire
 */
export function complaintsAboutAlerts(
  scrapes: readonly string[],
  fires: readonly string[],
): string {
  const folder = temporaryFolder();
  const path = join(folder, 'scrapes.test.yaml');
  const test = {
    interval: '1m',
    input_series: seriesOf(scrapes),
    promql_expr_test: [
      {
        // Where requests fail, the error budget may burn as well. It has unit tests of its own.
        expr: 'count by (alertname) (ALERTS{alertstate="firing",alertname!="BookingsErrorBudget"})',
        eval_time: `${scrapes.length - 1}m`,
        exp_samples: fires.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
      },
    ],
  };
  const file = { rule_files: [ALERTS], evaluation_interval: '1m', tests: [test] };
  writeFileSync(path, stringify(file, { lineWidth: 0 }));
  return complaintsOf('test', 'rules', path);
}
