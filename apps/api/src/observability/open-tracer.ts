import type { Config } from '../config/config.ts';
import type { Log } from './logging.ts';
import type { Tracer } from './tracing.ts';

/** Loads OpenTelemetry if traces are exported. Returns undefined otherwise. */
export async function openTracer(
  { tracing, graph, publicBaseUrl }: Config,
  log: Log,
): Promise<Tracer | undefined> {
  if (!tracing) return undefined;
  const { OtelTracer } = await import('./otel-tracer.ts');
  return new OtelTracer(tracing, { graph: graph.baseUrl, proxy: publicBaseUrl }, log);
}
