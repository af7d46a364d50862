import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import { readYaml } from '../deploy/check/check.ts';

/** The manifest. Lint has compared it with this type. */
export const DEPLOYMENT = readYaml('kubernetes/deployment.yaml') as IDeployment;
export const ACCESS_FILE = fileURLToPath(
  new URL('../deploy/kubernetes/access.json', import.meta.url),
);

const pod = DEPLOYMENT.spec?.template.spec;
const [container] = pod?.containers ?? [];
if (pod === undefined || container === undefined) throw new Error('the manifest has no container');
export const POD = pod;
export const CONTAINER = container;

/** The settings that the manifest itself has, without those from the secret. */
export function ownSettings(): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const { name, value } of CONTAINER.env ?? []) if (value) settings[name] = value;
  return settings;
}

/** The settings of one installation. */
export function installationSettings(): Record<string, string | undefined> {
  return parseEnv(
    readFileSync(new URL('../deploy/kubernetes/settings.env', import.meta.url), 'utf8'),
  );
}

/** How long the readiness probe must have failed before a pod gets no more requests. */
export function noticesAfterMs(): number {
  const { periodSeconds = 10, failureThreshold = 3 } = CONTAINER.readinessProbe ?? {};
  return periodSeconds * failureThreshold * 1000;
}
