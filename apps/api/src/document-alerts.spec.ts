import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, read, spans, table } from './documents.fixture.ts';
import { METRIC, metricNames } from './metric-names.fixture.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface UnitTest {
  readonly alert_rule_test?: readonly { alertname: string; exp_alerts: readonly unknown[] }[];
  readonly promql_expr_test?: readonly { exp_samples: readonly { labels: string }[] }[];
}
const FOLDER = 'apps/api/deploy/prometheus';
const file = parse(read(`${FOLDER}/alerts.yaml`)) as { groups: { rules: Rule[] }[] };
const RULES = file.groups.flatMap(({ rules }) => rules);
const tests = parse(read(`${FOLDER}/alerts.test.yaml`)) as { tests: UnitTest[] };
/** What fires in the unit tests: names of alerts, and labels with them. */
const FIRING = tests.tests.flatMap(({ alert_rule_test = [], promql_expr_test = [] }) => [
  ...alert_rule_test
    .filter(({ exp_alerts }) => exp_alerts.length > 0)
    .map((each) => each.alertname),
  ...promql_expr_test.flatMap(({ exp_samples }) => exp_samples.map(({ labels }) => labels)),
]);
const PAGES = globSync('docs/runbook/*.md', { cwd: ROOT }).toSorted();

/** Such as `docs/runbook/graph-away.md` for BookingsGraphAway. */
const pageOf = (alert: string) => {
  const words = alert.replace('Bookings', '').replaceAll(/(?<!^)[A-Z]/g, '-$&');
  return `docs/runbook/${words.toLowerCase()}.md`;
};

describe.each(RULES)('the alert $alert', ({ alert, expr, labels, annotations }) => {
  it('uses metrics that the proxy has', async () => {
    const known = await metricNames();
    const used = expr.match(METRIC) ?? [];
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it('names its page, which has its name and says what to do', () => {
    expect(annotations['runbook']).toBe(pageOf(alert));
    const headings = [...read(pageOf(alert)).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text);
    expect(headings).toEqual([alert, 'Symptom', 'What to look at', 'What to do']);
  });

  it('has a severity, and fires in a unit test', () => {
    expect(['critical', 'warning', 'info']).toContain(labels['severity']);
    expect(FIRING.filter((each) => each.match(/\bBookings\w+/)?.[0] === alert)).not.toEqual([]);
  });
});

describe('the pages of the alerts', () => {
  it('belong to an alert each', () => {
    const pages = new Set(RULES.map(({ alert }) => pageOf(alert)));
    expect(PAGES).toEqual([...pages].toSorted());
  });

  it.each(PAGES)('name metrics that the proxy has: %s', async (page) => {
    const known = await metricNames();
    const named = spans(page).flatMap((span) => span.match(METRIC) ?? []);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('are listed with severity and meaning', () => {
    const expected = RULES.map(({ alert, labels, annotations }) => [
      `[${alert}](${pageOf(alert).replace('docs/', '')})`,
      labels['severity'],
      annotations['summary']?.replace(/\.$/, ''),
    ]);
    expect(table('docs/operations.md', 'Alerts')).toEqual(expected);
  });
});
