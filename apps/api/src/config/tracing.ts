import type { SettingReader } from './setting-reader.ts';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** How traces are exported. The settings have the names and values of OpenTelemetry. */
export interface TracingConfig {
  /** Without a slash at its end and without the path of the traces. */
  readonly endpoint: string;
  readonly serviceName: string | undefined;
  readonly sampler: { readonly name: (typeof SAMPLERS)[number]; readonly ratio: number };
  /** Attributes of the process. */
  readonly resource: Readonly<Record<string, string>>;
}

/** @returns undefined when traces are not exported; the other settings are judged all the same */
export function readTracing(reader: SettingReader): TracingConfig | undefined {
  const endpoint = reader.url('OTEL_EXPORTER_OTLP_ENDPOINT', { plainHttp: true });
  const config = {
    serviceName: reader.text('OTEL_SERVICE_NAME', 'a name'),
    sampler: {
      name: reader.oneOf('OTEL_TRACES_SAMPLER', SAMPLERS) ?? 'parentbased_always_on',
      ratio: ratio(reader),
    },
    resource: resource(reader),
  };
  return endpoint === undefined ? undefined : { endpoint, ...config };
}

function ratio(reader: SettingReader): number {
  const expected = 'a number from 0 to 1';
  const given = reader.text('OTEL_TRACES_SAMPLER_ARG', expected) ?? '';
  const value = /^(?:0|1|[01]?\.\d+)$/.test(given) ? Number(given) : NaN;
  if (value <= 1) return value;
  if (given !== '') reader.fault('OTEL_TRACES_SAMPLER_ARG', 'is not a ratio', expected);
  return 1;
}

function resource(reader: SettingReader): Readonly<Record<string, string>> {
  const expected = 'comma-separated name=value pairs, percent-encoded where needed';
  const pairs = reader.list('OTEL_RESOURCE_ATTRIBUTES', expected).map(pairOf);
  const read = pairs.filter((pair) => pair !== undefined);
  if (read.length < pairs.length) {
    reader.fault('OTEL_RESOURCE_ATTRIBUTES', 'has an item that is not name=value', expected);
  }
  return Object.fromEntries(read);
}

function pairOf(item: string): readonly [string, string] | undefined {
  const [, name, value] = /^([\w.-]+)\s*=\s*(.*)$/.exec(item) ?? [];
  if (name === undefined || value === undefined) return undefined;
  try {
    return [name, decodeURIComponent(value)];
  } catch {
    return undefined;
  }
}
