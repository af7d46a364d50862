import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Panel, Row } from './panel.ts';
import { STATE_ROWS } from './state-rows.ts';
import { TRAFFIC_ROWS } from './traffic-rows.ts';

/** The committed dashboard, which `npx nx dashboard api` writes. */
export const DASHBOARD_FILE = join(import.meta.dirname, 'dashboard.json');

export const ROWS: readonly Row[] = [...TRAFFIC_ROWS, ...STATE_ROWS];

// Grafana's grid has 24 columns.
const WIDTH = 8;
const HEIGHT = 8;
const PANELS_IN_LINE = 24 / WIDTH;

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const variable = (name: string, query: string, more: object = {}) => ({
  name,
  type: 'query',
  datasource: DATASOURCE,
  query: { query, refId: name },
  // Read again when the time range changes, because processes come and go.
  refresh: 2,
  sort: 1,
  ...more,
});
const VARIABLES = [
  { name: 'datasource', type: 'datasource', query: 'prometheus' },
  variable('job', 'label_values(bookings_build_info, job)'),
  variable('instance', 'label_values(bookings_build_info{job="$job"}, instance)', {
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
  }),
];

function thresholds(limit: number | undefined) {
  const above = limit === undefined ? [] : [{ color: 'red', value: limit }];
  return { mode: 'absolute', steps: [{ color: 'green', value: null }, ...above] };
}

function panelOf({ title, description, unit, type = 'timeseries', limit, queries }: Panel) {
  const line = limit !== undefined && { custom: { thresholdsStyle: { mode: 'line' } } };
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: { unit, min: 0, thresholds: thresholds(limit), ...line },
      overrides: [],
    },
    options: type === 'stat' ? { textMode: 'value_and_name' } : { tooltip: { mode: 'multi' } },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}

/** The rows below each other, with their panels in lines. */
function placed(rows: readonly Row[]) {
  let y = 0;
  const panels = rows.flatMap((row) => {
    const title = { type: 'row', title: row.title, gridPos: { x: 0, y, w: 24, h: 1 } };
    const top = y + 1;
    y = top + Math.ceil(row.panels.length / PANELS_IN_LINE) * HEIGHT;
    const below = row.panels.map((panel, index) => ({
      ...panelOf(panel),
      gridPos: {
        x: (index % PANELS_IN_LINE) * WIDTH,
        y: top + Math.floor(index / PANELS_IN_LINE) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      },
    }));
    return [title, ...below];
  });
  return panels.map((panel, index) => ({ id: index + 1, ...panel }));
}

/** The text of the dashboard, in the classic form that all versions of Grafana import. */
export function dashboardText(): string {
  const dashboard = {
    uid: 'bookings-proxy',
    title: 'Bookings proxy',
    tags: ['bookings-proxy'],
    schemaVersion: 39,
    editable: true,
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    refresh: '30s',
    // A line at the same time in all panels.
    graphTooltip: 1,
    templating: { list: VARIABLES },
    panels: placed(ROWS),
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

/** What is wrong with the committed file. Lint runs it. */
export function dashboardFaults(): string[] {
  const isCurrent = readFileSync(DASHBOARD_FILE, 'utf8') === dashboardText();
  return isCurrent ? [] : ['grafana/dashboard.json differs: run npx nx dashboard api'];
}
