import type { Server } from '../server.ts';
import { MetricsText } from './metrics-text.ts';

/** What the proxy holds at one moment. */
export interface Sample {
  /** Since the load began; before it and after it as well. */
  readonly atSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly descriptors: number;
  readonly sockets: number;
  /** Connections to the upstream, in use or kept alive; among the sockets. */
  readonly upstream: number;
  readonly threads: number;
  /** The question for the metrics is one of them. */
  readonly inFlight: number;
  /** What keeps the event loop alive, by Node's name for it; a timer is a `Timeout`. */
  readonly resources: ReadonlyMap<string, number>;
  /** Since the sample before. */
  readonly lagP99Ms: number;
  /** Requests for customers that have ended so far, callers that left included. */
  readonly ended: number;
}

export async function takeSample(
  proxy: Server,
  upstreamPort: number,
  atSeconds: number,
): Promise<Sample> {
  const answer = await fetch(`http://127.0.0.1:${proxy.port}/metrics`);
  const metrics = new MetricsText(await answer.text());
  const { account } = proxy;
  const { descriptors } = account;
  const ended = metrics.byLabel('bookings_http_requests_total', 'operation');
  return {
    atSeconds,
    residentBytes: account.residentBytes,
    heapBytes: metrics.value('nodejs_heap_size_used_bytes'),
    descriptors: descriptors.length,
    sockets: descriptors.filter((leadsTo) => leadsTo.startsWith('socket:')).length,
    upstream: account.connectionsTo(upstreamPort),
    threads: account.threads,
    inFlight: metrics.value('bookings_http_requests_in_flight'),
    resources: metrics.byLabel('nodejs_active_resources', 'type'),
    lagP99Ms: metrics.value('nodejs_eventloop_lag_p99_seconds') * 1000,
    ended: [...ended].reduce((sum, [name, count]) => (name === 'none' ? sum : sum + count), 0),
  };
}

/** Timers that keep the event loop alive. */
export function timers({ resources }: Sample): number {
  return resources.get('Timeout') ?? 0;
}
