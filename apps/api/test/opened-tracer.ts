import { Writable } from 'node:stream';
import { loadConfig } from '../src/config/config.ts';
import { createLog } from '../src/observability/logging.ts';
import { openTracer } from '../src/observability/open-tracer.ts';
import type { Tracer } from '../src/observability/tracing.ts';
import type { OtlpCollector } from './otlp-collector.ts';
import { stateUrl } from './temporary-folder.ts';

/**
 * The tracer of a process that exports to the collector.
 *
 * @param settings those of traces
 * @param lines receives what is logged
 */
export async function openedTracer(
  collector: OtlpCollector,
  settings: Readonly<Record<string, string>> = {},
  lines: string[] = [],
): Promise<Tracer> {
  const config = loadConfig({
    AUTH_ISSUERS: 'https://login.example.com/t/v2.0',
    AUTH_AUDIENCES: 'api://bookings-proxy',
    AUTH_JWKS_URL: 'https://login.example.com/keys',
    GRAPH_BASE_URL: 'https://graph.example.com/v1.0',
    GRAPH_CREDENTIAL: 'access-token',
    GRAPH_ACCESS_TOKEN: 'token',
    STATE_URL: stateUrl(),
    ...(await collector.start()),
    ...settings,
  });
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const tracer = await openTracer(config, createLog('info', destination));
  if (!tracer) throw new Error('there is no tracer without an endpoint');
  return tracer;
}

/** Traces requests that succeed. */
export function traceRequests(
  tracer: Tracer,
  count: number,
  caller?: Parameters<Tracer['start']>[1],
): void {
  for (let ended = 0; ended < count; ended += 1) {
    const span = tracer.start({ method: 'GET', route: '/x', scheme: 'http' }, caller);
    span.end({ status: 200, code: undefined, outcome: undefined, idempotency: undefined });
  }
}
