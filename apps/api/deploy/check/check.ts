// Checks the files for Kubernetes, systemd, Compose and Grafana. Lint runs it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { dashboardFaults } from '../grafana/dashboard.ts';
import { kubernetesFaults } from './kubernetes.ts';
import { composeFaults, kustomizationFaults, unitFaults } from './plain-files.ts';

const DEPLOY = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(DEPLOY, path), 'utf8');

/** The value of a YAML file. A duplicate key or another fault of its syntax is an error. */
export function readYaml(path: string): unknown {
  const document = parseDocument(read(path), { strict: true, uniqueKeys: true });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) throw new Error(`${path}: ${fault.message}`);
  const value: unknown = document.toJS();
  return value;
}

/** What is wrong with the files. */
export async function deployFaults(): Promise<string[]> {
  const folder = readdirSync(join(DEPLOY, 'kubernetes'));
  const manifests = folder
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .map((name) => ({ name, value: readYaml(`kubernetes/${name}`) }));
  return [
    ...(await kubernetesFaults(manifests)),
    ...kustomizationFaults(readYaml('kubernetes/kustomization.yaml'), folder),
    ...composeFaults(readYaml('compose.yaml')),
    ...unitFaults(read('systemd/bookings-proxy.service')),
    ...dashboardFaults(),
  ];
}

if (import.meta.main) {
  const faults = await deployFaults();
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
