import { describe, expect, it } from '@jest/globals';
import { read, table } from './documents.fixture.ts';
import { METRIC, metricNames } from './metric-names.fixture.ts';

const DASHBOARD = read('apps/api/deploy/grafana/dashboard.json');
const USED = [
  ...new Set(
    [...DASHBOARD.matchAll(/"expr": (".*")/g)].flatMap(([, expr = '']) => expr.match(METRIC) ?? []),
  ),
];

describe('the dashboard', () => {
  it('uses metrics that the proxy has', async () => {
    const known = await metricNames();
    expect(USED.filter((name) => !known.has(name))).toEqual([]);
  });

  it('shows every metric of the proxy', () => {
    const shown = USED.map((name) => name.replace(/_(?:bucket|count)$/, ''));
    const documented = table('docs/operations.md', 'Metrics').map(([name = '']) =>
      name.slice(1, -1),
    );
    expect(documented.filter((name) => !shown.includes(name))).toEqual([]);
  });
});
