import { setTimeout as sleep } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  type Tracer as OtelApiTracer,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from '../config/tracing.ts';
import { VERSION } from '../config/version.ts';
import type { Log } from './logging.ts';
import { OtelRequestSpan, type Servers, addressOf } from './otel-request-span.ts';
import { EXPORT_TIMEOUT_MS, ReportingExporter } from './span-exporter.ts';
import type { RequestStart, TraceContext, Tracer } from './tracing.ts';

/** How many ended spans may wait for their export. Further ones are dropped. */
const MAX_WAITING_SPANS = 4096;
/** How many spans are exported at once. They are serialized on the event loop. */
const BATCH_SPANS = 256;
/** How long the last export may take. */
const LAST_EXPORT_MS = 2000;
const NAME = 'bookings-proxy';

/** Makes spans with OpenTelemetry, and exports them with OTLP over HTTP. */
export class OtelTracer implements Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: OtelApiTracer;
  readonly #servers: Servers;

  constructor(
    { endpoint, serviceName, resource, sampler }: TracingConfig,
    urls: { readonly graph: string; readonly proxy: string | undefined },
    log: Log,
  ) {
    this.#servers = {
      graph: addressOf(urls.graph),
      proxy: urls.proxy === undefined ? {} : addressOf(urls.proxy),
    };
    const attributes = {
      'service.name': NAME,
      'service.version': VERSION,
      'service.instance.id': log.processId,
      ...resource,
      ...(serviceName !== undefined && { 'service.name': serviceName }),
    };
    this.#provider = new TracerProvider({
      resource: defaultResource().merge(resourceFromAttributes(attributes)),
      sampler: samplerOf(sampler),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new ReportingExporter(`${endpoint}/v1/traces`, log),
          maxQueueSize: MAX_WAITING_SPANS,
          maxExportBatchSize: BATCH_SPANS,
          exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer(NAME, VERSION);
  }

  start(start: RequestStart, caller: TraceContext | undefined): OtelRequestSpan {
    const parent = caller
      ? trace.setSpanContext(ROOT_CONTEXT, {
          traceId: caller.traceId,
          spanId: caller.parentId,
          traceFlags: caller.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
          isRemote: true,
        })
      : ROOT_CONTEXT;
    return OtelRequestSpan.start(this.#tracer, this.#servers, SpanKind.SERVER, start, parent);
  }

  async close(): Promise<void> {
    const exported = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([exported, sleep(LAST_EXPORT_MS, undefined, { ref: false })]);
  }
}

function samplerOf({ name, ratio }: TracingConfig['sampler']): Sampler {
  const samplers: Readonly<Record<string, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const [, base = name] = /^parentbased_(.*)$/.exec(name) ?? [];
  const root = samplers[base]?.() ?? new AlwaysOnSampler();
  return base === name ? root : new ParentBasedSampler({ root });
}
