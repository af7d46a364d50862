// Files without a schema in an npm package: each member and directive that we use is listed here.
import { type Rule, faultsOf, isObject } from './objects.ts';

const each =
  (rules: Readonly<Record<string, Rule>>, required: readonly string[]): Rule =>
  (value, at) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => faultsOf(item, `${at}[${index}]`, rules, required))
      : [`${at} is not an array`];

/** @param folder names of the files beside it */
export function kustomizationFaults(value: unknown, folder: readonly string[]): string[] {
  const file: Rule = (names, at) =>
    Array.isArray(names)
      ? names.filter((name) => !folder.includes(String(name))).map((name) => `${at}: no ${name}`)
      : [`${at} is not an array`];
  const faults = faultsOf(
    value,
    'kustomization.yaml',
    {
      apiVersion: ['kustomize.config.k8s.io/v1beta1'],
      kind: ['Kustomization'],
      namespace: 'string',
      resources: file,
      configMapGenerator: each({ name: 'string', files: file, envs: file }, ['name']),
      images: each({ name: 'string', newName: 'string', newTag: 'string' }, ['name', 'newTag']),
    },
    ['resources', 'images'],
  );
  const resources = isObject(value) && Array.isArray(value['resources']) ? value['resources'] : [];
  const notNamed = folder.filter(
    (name) =>
      name.endsWith('.yaml') &&
      !/^kustomization|\.example\./.test(name) &&
      !resources.includes(name),
  );
  return [...faults, ...notNamed.map((name) => `kustomization.yaml does not name ${name}`)];
}

/** A mounted file stays the old one when another is renamed to its name. */
const volumes: Rule = (mounts, at) =>
  Array.isArray(mounts)
    ? mounts
        .filter((mount) => /^[./][^:]*\.\w+:/.test(String(mount)))
        .map((mount) => `${at}: ${mount} mounts a file instead of its folder`)
    : [`${at} is not an array`];

const services: Rule = (value, at) =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, service]) =>
        faultsOf(
          service,
          `${at}.${name}`,
          {
            image: 'string',
            build: (build, place) =>
              faultsOf(build, place, { context: 'string', dockerfile: 'string' }, ['context']),
            env_file: 'string',
            environment: (variables) => (isObject(variables) ? [] : [`${at} has no variables`]),
            ports: 'strings',
            volumes,
            read_only: 'boolean',
            cap_drop: 'strings',
            security_opt: 'strings',
            mem_limit: 'string',
            restart: ['no', 'always', 'on-failure', 'unless-stopped'],
            stop_grace_period: 'string',
          },
          ['image'],
        ),
      )
    : [`${at} is not an object`];

export function composeFaults(value: unknown): string[] {
  const named: Rule = (names, at) => (isObject(names) ? [] : [`${at} is not an object`]);
  const rules = { name: 'string', services, volumes: named } as const;
  return faultsOf(value, 'compose.yaml', rules, ['services']);
}

const DIRECTIVES: Readonly<Record<string, RegExp>> = {
  Unit: /^(?:Description|Wants|After)$/,
  Service:
    /^(?:ExecStart|EnvironmentFile|WorkingDirectory|Restart(?:Sec|PreventExitStatus)?|TimeoutStopSec|DynamicUser|StateDirectory(?:Mode)?|UMask|MemoryMax|CapabilityBoundingSet|NoNewPrivileges|Private(?:Devices|Tmp)|Protect(?:ControlGroups|Home|KernelLogs|KernelModules|KernelTunables|Proc|System)|Restrict(?:AddressFamilies|Namespaces|SUIDSGID)|LockPersonality|SystemCall(?:Architectures|Filter))$/,
  Install: /^WantedBy$/,
};

export function unitFaults(text: string): string[] {
  const faults: string[] = [];
  let section = '';
  for (const line of text.split('\n')) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, directive = ''] = /^(\w+)=/.exec(line) ?? [];
    if (name !== undefined) section = name;
    else if (line !== '' && !line.startsWith('#') && !DIRECTIVES[section]?.test(directive)) {
      faults.push(`bookings-proxy.service: [${section}] ${line} is unknown`);
    }
  }
  return faults;
}
