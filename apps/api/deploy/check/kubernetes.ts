import { type Manifest, typeFaults } from './kubernetes-types.ts';
import { isObject } from './objects.ts';

/** The module with the schema of each kind of manifest. Another kind is refused. */
const MODELS: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'kubernetes-models/apps/v1/Deployment',
  'monitoring.coreos.com/v1 ServiceMonitor':
    '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor',
  'networking.k8s.io/v1 NetworkPolicy': 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'kubernetes-models/policy/v1/PodDisruptionBudget',
  'v1 Secret': 'kubernetes-models/v1/Secret',
  'v1 Service': 'kubernetes-models/v1/Service',
  'v1 ServiceAccount': 'kubernetes-models/v1/ServiceAccount',
};

interface Model {
  validate(): void;
}
type Models = Record<string, new (value: unknown) => Model>;

const kindOf = ({ value }: Manifest) => {
  const { apiVersion, kind } = isObject(value) ? value : {};
  return { apiVersion: String(apiVersion), kind: String(kind) };
};
const moduleOf = (manifest: Manifest) => {
  const { apiVersion, kind } = kindOf(manifest);
  return MODELS[`${apiVersion} ${kind}`];
};

/** What Kubernetes' schema refuses: types, patterns and missing members. */
async function schemaFaults(manifest: Manifest): Promise<string[]> {
  const models = (await import(moduleOf(manifest) ?? '')) as Models;
  const Model = models[kindOf(manifest).kind];
  if (Model === undefined) return [`${manifest.name}: there is no schema`];
  try {
    new Model(manifest.value).validate();
    return [];
  } catch (error) {
    return [`${manifest.name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** What is wrong with manifests of Kubernetes. */
export async function kubernetesFaults(manifests: readonly Manifest[]): Promise<string[]> {
  const unknown = manifests.filter((manifest) => moduleOf(manifest) === undefined);
  if (unknown.length > 0) {
    return unknown.map((manifest) => {
      const { apiVersion, kind } = kindOf(manifest);
      return `${manifest.name}: no schema is known for ${apiVersion} ${kind}`;
    });
  }
  const types = typeFaults(manifests, (manifest) => ({
    module: moduleOf(manifest) ?? '',
    type: `I${kindOf(manifest).kind}`,
  }));
  const schemas = await Promise.all(manifests.map(schemaFaults));
  return [...types, ...schemas.flat()];
}
