import { describe, expect, it } from '@jest/globals';
import { SettingReader } from './setting-reader.ts';
import { readTracing } from './tracing.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

function read(env: Record<string, string>) {
  const reader = new SettingReader(env);
  const tracing = readTracing(reader);
  return { tracing, faults: reader.faults.map(({ key, wrong }) => `${key} ${wrong}`) };
}

describe('the settings of traces', () => {
  it('export nothing without an endpoint', () => {
    expect(read({})).toEqual({ tracing: undefined, faults: [] });
  });

  it('have defaults', () => {
    expect(read(ENDPOINT).tracing).toEqual({
      endpoint: 'http://collector:4318',
      serviceName: undefined,
      sampler: { name: 'parentbased_always_on', ratio: 1 },
      resource: {},
    });
  });

  it('are read', () => {
    const { tracing } = read({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.contoso.com/otlp/',
      OTEL_SERVICE_NAME: 'bookings',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_RESOURCE_ATTRIBUTES: 'team=a%2Cb, k8s.pod.name = x',
    });
    expect(tracing).toEqual({
      endpoint: 'https://collector.contoso.com/otlp',
      serviceName: 'bookings',
      sampler: { name: 'traceidratio', ratio: 0.25 },
      resource: { team: 'a,b', 'k8s.pod.name': 'x' },
    });
  });

  it.each<[Record<string, string>, string]>([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'is not a URL'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://collector:4317' }, 'is not an https URL'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:b@collector' }, 'contains credentials'],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, 'is not an allowed value'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'is not a ratio'],
    [{ OTEL_TRACES_SAMPLER_ARG: '-1' }, 'is not a ratio'],
    [{ OTEL_TRACES_SAMPLER_ARG: 'half' }, 'is not a ratio'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=b,c' }, 'has an item that is not name=value'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=%' }, 'has an item that is not name=value'],
    [{ OTEL_SERVICE_NAME: ' ' }, 'is empty'],
  ])('are judged, also without an endpoint: %j', (env, wrong) => {
    expect(read(env).faults).toEqual([`${Object.keys(env).join('')} ${wrong}`]);
  });
});
