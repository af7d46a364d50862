import { performance } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { IDEMPOTENT_OUTCOMES, LOOKUP_RESULTS, type StoreStatistics } from '@bookings/idempotency';
import { VERSION } from '../config/version.ts';
import { DependencyMetrics } from './dependency-metrics.ts';
import type { InFlight } from './in-flight.ts';
import { PermitMetrics } from './permit-metrics.ts';
import { SharedProbe } from './shared-probe.ts';
import { UpstreamMetrics } from './upstream-metrics.ts';

/** In seconds, from an immediate response to the whole deadline. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];

/** Sums of gauges that have labels too. Their names say that they are counters, which they are not. */
const MISNAMED = ['handles', 'requests', 'resources'].map((each) => `nodejs_active_${each}_total`);

/** Such as `2xx`. */
export const statusClass = (status: number): string => `${Math.trunc(status / 100)}xx`;

/** Labels contain operations, statuses and codes, but no callers, businesses or customers. */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Counter({
    name: 'bookings_http_requests_total',
    help: 'Requests by operation and status; 499 means that the client disconnected.',
    labelNames: ['operation', 'status'] as const,
    registers: [this.registry],
  });

  readonly duration = new Histogram({
    name: 'bookings_http_request_duration_seconds',
    help: 'From the arrival of the headers to the end of the response.',
    labelNames: ['operation', 'status_class'] as const,
    buckets: BUCKETS,
    registers: [this.registry],
  });

  readonly upstreamDuration = new Histogram({
    name: 'bookings_graph_request_duration_seconds',
    help: 'From the first attempt at Graph to the last response, including pauses.',
    labelNames: ['operation', 'status_class'] as const,
    buckets: BUCKETS,
    registers: [this.registry],
  });

  readonly auditFailures = new Counter({
    name: 'bookings_audit_failures_total',
    help: 'Audit records that could not be written: a lost intent refuses its write, a lost outcome is in the log.',
    labelNames: ['record'] as const,
    registers: [this.registry],
  });

  readonly idempotentCreates = new Counter({
    name: 'bookings_idempotency_creates_total',
    help: 'Creates with an Idempotency-Key by outcome.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });

  readonly lookups = new Counter({
    name: 'bookings_idempotency_look_ups_total',
    help: 'Lookups in the list of customers for a create whose response was lost, by result.',
    labelNames: ['result'] as const,
    registers: [this.registry],
  });

  readonly keyTakeovers = new Counter({
    name: 'bookings_idempotency_takeovers_total',
    help: 'Keys taken over from a process that did not finish in time.',
    registers: [this.registry],
  });

  readonly nameCorrections = new Counter({
    name: 'bookings_display_name_corrections_total',
    help: 'Creates after which Graph had another displayName, by whether it could be repaired.',
    labelNames: ['result'] as const,
    registers: [this.registry],
  });

  readonly upstream = new UpstreamMetrics(this.registry);
  readonly permits = new PermitMetrics(this.registry);
  readonly dependencies = new DependencyMetrics(this.registry);

  /** Metrics of the store, which are omitted while it is unavailable. */
  readonly #storeRegistry = new Registry();
  readonly #keysUnknown = new Gauge({
    name: 'bookings_idempotency_keys_unknown',
    help: 'Keys with an unknown outcome that no process is reconciling.',
    registers: [this.#storeRegistry],
  });
  readonly #guardSeconds = new Gauge({
    name: 'bookings_idempotency_guard_seconds',
    help: 'How much longer the store is under guard after a restore; 0 when it is not.',
    registers: [this.#storeRegistry],
  });
  readonly #statistics: SharedProbe<StoreStatistics | undefined>;
  #rendering: Promise<Buffer> | undefined;

  /** @param statistics of the store; undefined when it is unavailable */
  constructor(inFlight: InFlight, statistics: () => Promise<StoreStatistics | undefined>) {
    this.#statistics = new SharedProbe(() => this.#timed(statistics), undefined, 0);
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    // Starts at zero, so that an alert sees the first event as an increase.
    for (const record of ['intent', 'outcome', 'key']) this.auditFailures.inc({ record }, 0);
    for (const outcome of IDEMPOTENT_OUTCOMES) this.idempotentCreates.inc({ outcome }, 0);
    for (const result of LOOKUP_RESULTS) this.lookups.inc({ result }, 0);
    for (const result of ['corrected', 'failed']) this.nameCorrections.inc({ result }, 0);
    new Gauge({
      name: 'bookings_build_info',
      help: 'Always 1; the label has the version of this process.',
      labelNames: ['version'] as const,
      registers: [this.registry],
    }).set({ version: VERSION }, 1);
    new Gauge({
      name: 'bookings_http_requests_in_flight',
      help: 'Requests that have arrived and are not answered.',
      registers: [this.registry],
      collect() {
        this.set(inFlight.count);
      },
    });
  }

  /** Renders Prometheus's text format within 400 ms. Concurrent calls share one rendering. */
  text(): Promise<Buffer> {
    this.#rendering ??= this.#render().finally(() => {
      this.#rendering = undefined;
    });
    return this.#rendering;
  }

  async #timed<T>(query: () => Promise<T>): Promise<T> {
    const startedAtMs = performance.now();
    const result = await query();
    const tookMs = performance.now() - startedAtMs;
    if (result !== undefined) this.dependencies.storeQuerySeconds.set(tookMs / 1000);
    return result;
  }

  async #render(): Promise<Buffer> {
    const statistics = await this.#statistics.read();
    this.dependencies.storeUp.set(statistics ? 1 : 0);
    if (!statistics) return Buffer.from(await this.registry.metrics());
    this.#keysUnknown.set(statistics.unknown);
    this.#guardSeconds.set(statistics.guardedForMs / 1000);
    const known = [this.registry, this.#storeRegistry];
    return Buffer.from(await Registry.merge(known).metrics());
  }
}
