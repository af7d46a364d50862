// Writes the dashboard of Grafana from its panels: npx nx dashboard api
import { writeFileSync } from 'node:fs';
import { DASHBOARD_FILE, dashboardText } from './dashboard.ts';

writeFileSync(DASHBOARD_FILE, dashboardText());
