import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ISecret } from 'kubernetes-models/v1/Secret';
import { deployFaults, readYaml } from '../deploy/check/check.ts';
import { kubernetesFaults } from '../deploy/check/kubernetes.ts';
import { composeFaults, kustomizationFaults, unitFaults } from '../deploy/check/plain-files.ts';
import {
  ACCESS_FILE,
  CONTAINER,
  DEPLOYMENT,
  POD,
  installationSettings,
  noticesAfterMs,
  ownSettings,
} from './manifest.ts';
import { MAIN, ProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const KUBERNETES = new URL('../deploy/kubernetes/', import.meta.url);
const TENANT = '3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70';

/** The settings of a pod: of the manifest, the installation, the secret, and the webhook of Azure. */
function podSettings(): Record<string, string> {
  const token = join(temporaryFolder(), 'token');
  writeFileSync(token, 'token');
  const settings: Record<string, string> = {
    ...ownSettings(),
    BUSINESS_ACCESS_FILE: ACCESS_FILE,
    STATE_URL: 'postgres://bookings:word@postgres.bookings.svc:5432/bookings',
    STATE_SECRET: 'a secret that is long enough',
    AZURE_CLIENT_ID: crypto.randomUUID(),
    AZURE_TENANT_ID: TENANT,
    AZURE_FEDERATED_TOKEN_FILE: token,
    AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
  };
  for (const [key, value = ''] of Object.entries(installationSettings())) {
    settings[key] = value
      .replace('{tenant}', TENANT)
      .replace('{proxy}', crypto.randomUUID())
      .replace('{address}', 'https://bookings.contoso.com')
      .replace('{networks}', '10.0.0.0/8');
  }
  return settings;
}

describe('the check of the files for Kubernetes, systemd and Compose', () => {
  it('finds no fault in them', async () => {
    expect(await deployFaults()).toEqual([]);
  });

  it('finds an unknown member at any depth, a wrong type, a wrong pattern and an unknown kind', async () => {
    const text = JSON.stringify(DEPLOYMENT);
    const deployment = (from: string, to: string) => {
      expect(text).toContain(from);
      const value: unknown = JSON.parse(text.replace(from, to));
      return { name: 'changed', value };
    };
    const [misspelt, wrong] = [
      deployment('"readinessProbe":', '"readinessProb":'),
      deployment('"replicas":3', '"replicas":"three"'),
    ];
    const monitor = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor' };
    const spec = { selector: {}, endpoints: [{ port: 'management', interval: 'often' }] };
    const faults = await kubernetesFaults([
      misspelt,
      wrong,
      { name: 'monitor', value: { ...monitor, spec } },
    ]);
    expect(faults).toEqual([
      expect.stringContaining(`'"readinessProb"' does not exist in type 'IContainer'`),
      expect.stringContaining("'string' is not assignable to type 'number'"),
      'changed: data/spec/replicas must be integer',
      expect.stringContaining('monitor: data/spec/endpoints/0/interval must match pattern'),
    ]);
    const removed = { apiVersion: 'policy/v1beta1', kind: 'PodDisruptionBudget' };
    expect(await kubernetesFaults([{ name: 'old', value: removed }])).toEqual([
      'old: no schema is known for policy/v1beta1 PodDisruptionBudget',
    ]);
  });

  it('finds unknown members, directives and files elsewhere', () => {
    const compose = { services: { proxy: { image: 'x', memlimit: '1g' } } };
    expect(composeFaults(compose)).toEqual(['compose.yaml.services.proxy.memlimit is unknown']);
    const mount = './access.json:/etc/bookings/access.json:ro';
    expect(composeFaults({ services: { proxy: { image: 'x', volumes: [mount] } } })).toEqual([
      `compose.yaml.services.proxy.volumes: ${mount} mounts a file instead of its folder`,
    ]);
    expect(unitFaults('[Service]\nExecStart=x\nExecStrat=y')).toEqual([
      'bookings-proxy.service: [Service] ExecStrat=y is unknown',
    ]);
    const kustomization = readYaml('kubernetes/kustomization.yaml');
    expect(kustomizationFaults(kustomization, ['deployment.yaml', 'other.yaml'])).toEqual(
      expect.arrayContaining([
        'kustomization.yaml.resources: no service.yaml',
        'kustomization.yaml does not name other.yaml',
      ]),
    );
  });
});

describe('the deployment', () => {
  it('has settings that pass --check once they are filled in', async () => {
    const command = [process.execPath, MAIN, '--check'] as const;
    const proxy = new ProxyProcess('', podSettings(), { command });
    expect(await proxy.exit).toEqual([0, null]);
    expect([proxy.stdout, proxy.stderr]).toEqual(['settings: ok\n', '']);
  });

  it('has settings that pass --check with a client secret in the mounted file', async () => {
    const example = readFileSync(new URL('credential.example.yaml', KUBERNETES), 'utf8');
    const { metadata, stringData } = readYaml('kubernetes/credential.example.yaml') as ISecret;
    const volume = POD.volumes?.find(({ secret }) => secret?.secretName === metadata?.name);
    const mount = CONTAINER.volumeMounts?.find(({ name }) => name === volume?.name);
    expect([volume?.secret?.optional, mount?.subPath]).toEqual([true, undefined]);
    const [[key, value] = ['', '']] = Object.entries(stringData ?? {});
    const path = join(mount?.mountPath ?? '', key);
    expect(example).toContain(`AZURE_CLIENT_SECRET_FILE=${path}`);
    const file = join(temporaryFolder(), key);
    writeFileSync(file, value);
    const { AZURE_FEDERATED_TOKEN_FILE: _, ...settings } = podSettings();
    const credential = { GRAPH_CREDENTIAL: 'client-secret', AZURE_CLIENT_SECRET_FILE: file };
    const command = [process.execPath, MAIN, '--check'] as const;
    const proxy = new ProxyProcess('', { ...settings, ...credential }, { command });
    expect([await proxy.exit, proxy.stderr]).toEqual([[0, null], '']);
  });

  it('waits longer than the probe takes to notice, and gives the process time to end', () => {
    const delayMs = Number(ownSettings()['SHUTDOWN_DELAY_MS']);
    const graceMs = Number(ownSettings()['SHUTDOWN_GRACE_MS']);
    expect(delayMs).toBeGreaterThanOrEqual(noticesAfterMs() + 2000);
    const endsWithinMs = delayMs + graceMs + 15_000;
    expect(POD.terminationGracePeriodSeconds).toBe(endsWithinMs / 1000);
    const unit = readFileSync(
      new URL('../deploy/systemd/bookings-proxy.service', import.meta.url),
      'utf8',
    );
    expect(unit).toContain(`TimeoutStopSec=${endsWithinMs / 1000}\n`);
  });

  it('splits the limit of a mailbox by the processes of a rollout', () => {
    const { replicas = 0, strategy } = DEPLOYMENT.spec ?? {};
    const { maxSurge } = strategy?.rollingUpdate ?? {};
    expect(Number(ownSettings()['REPLICAS'])).toBe(replicas + Number(maxSurge));
  });

  it('has probes that wait longer than a response takes', () => {
    const { readinessProbe, livenessProbe } = CONTAINER;
    expect(readinessProbe).toMatchObject({ httpGet: { path: '/readyz', port: 'management' } });
    expect(livenessProbe).toMatchObject({ httpGet: { path: '/livez', port: 'management' } });
    expect(readinessProbe?.timeoutSeconds).toBeGreaterThan(0.5);
  });
});
