import { expect, it } from '@jest/globals';
import { openedTracer, traceRequests } from './opened-tracer.ts';
import { OtlpCollector } from './otlp-collector.ts';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331' };
const OTHER_ID = '1af7651916cd43dd8448eb211c80319c';

interface Sampled {
  readonly own: number;
  readonly ofSampledCaller: number;
  readonly ofOtherCaller: number;
}

it.each<[Record<string, string>, Sampled]>([
  [{}, { own: 20, ofSampledCaller: 1, ofOtherCaller: 0 }],
  [{ OTEL_TRACES_SAMPLER: 'always_on' }, { own: 20, ofSampledCaller: 1, ofOtherCaller: 1 }],
  [{ OTEL_TRACES_SAMPLER: 'always_off' }, { own: 0, ofSampledCaller: 0, ofOtherCaller: 0 }],
  [
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
    { own: 0, ofSampledCaller: 0, ofOtherCaller: 0 },
  ],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, { own: 20, ofSampledCaller: 1, ofOtherCaller: 1 }],
  [
    { OTEL_TRACES_SAMPLER: 'parentbased_always_on' },
    { own: 20, ofSampledCaller: 1, ofOtherCaller: 0 },
  ],
  [
    { OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
    { own: 0, ofSampledCaller: 1, ofOtherCaller: 0 },
  ],
  [
    { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.0' },
    { own: 0, ofSampledCaller: 1, ofOtherCaller: 0 },
  ],
])('the sampler of %j decides which traces are exported', async (settings, expected) => {
  const collector = new OtlpCollector();
  const tracer = await openedTracer(collector, settings);
  traceRequests(tracer, 20);
  traceRequests(tracer, 1, { ...CALLER, isSampled: true });
  traceRequests(tracer, 1, { ...CALLER, traceId: OTHER_ID, isSampled: false });
  await tracer.close();
  const ofTrace = (id: string) => collector.spans.filter(({ traceId }) => traceId === id).length;
  const ofSampledCaller = ofTrace(CALLER.traceId);
  const ofOtherCaller = ofTrace(OTHER_ID);
  const own = collector.spans.length - ofSampledCaller - ofOtherCaller;
  expect({ own, ofSampledCaller, ofOtherCaller }).toEqual(expected);
});

it('the ratio is a share of the traces', async () => {
  const collector = new OtlpCollector();
  const settings = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
  const tracer = await openedTracer(collector, settings);
  traceRequests(tracer, 2000);
  await tracer.close();
  // 500 on average. Less than one run in a million million is outside.
  expect(collector.spans.length).toBeGreaterThan(350);
  expect(collector.spans.length).toBeLessThan(650);
});
