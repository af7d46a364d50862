import { ELAPSED_TIME, type PermitSource } from '@bookings/graph-client';
import type { StoreConnection } from '@bookings/idempotency';
import type { LeasedPermits } from '@bookings/mailbox-permits';
import type { Config } from '../config/config.ts';
import { errorFields } from '../observability/error-fields.ts';
import type { Log } from '../observability/logging.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { PermitMode } from '../observability/permit-metrics.ts';

const REASONS: Readonly<Record<PermitMode, string | undefined>> = {
  shared: undefined,
  recovering:
    'PostgreSQL was away: each process uses only its share of the limit of a mailbox for a while',
  waiting: 'PostgreSQL does not answer: requests wait for a permit of their mailbox',
  'own-share': 'PostgreSQL is away: each process uses only its share of the limit of a mailbox',
};

/** The limit of each mailbox, which processes with a PostgreSQL store share. */
export class SharedPermits {
  private constructor(private readonly permits: LeasedPermits | undefined) {}

  /** One process needs none. */
  static readonly none = new SharedPermits(undefined);

  /** Begins to take part. PostgreSQL may be away. */
  static async start(
    { graph, idempotency: { url } }: Config,
    store: StoreConnection,
    { permits: metrics }: Metrics,
    log: Log,
  ): Promise<SharedPermits> {
    if (!url.startsWith('postgres')) return SharedPermits.none;
    // Imported on demand: one process needs no driver of PostgreSQL.
    const { LeasedPermits, PostgresRows } = await import('@bookings/mailbox-permits');
    const { attemptTimeoutMs: attemptMs, replicas, mailbox } = graph;
    const { concurrency, lingerMs } = mailbox;
    const times = { attemptMs, lingerMs };
    const rows = new PostgresRows({
      url,
      process: log.processId,
      times,
      concurrency,
      digest: async () => {
        const { secret } = await store.connect();
        return (business) => secret.mailboxDigest(business);
      },
      onEvent: (event) => {
        permits.hear(event);
      },
    });
    const permits: LeasedPermits = new LeasedPermits(
      rows,
      { times, concurrency, replicas },
      {
        statement: () => {
          metrics.statements.inc();
        },
        handedOver: (count) => {
          metrics.handOvers.inc(count);
        },
        modeChanged: (mode, error) => {
          const fields = { 'bookings.permit_mode': mode, ...errorFields(error) };
          log.write('permits', fields, mode === 'shared' ? 'info' : 'warn');
        },
        polls: () => {
          log.write('permitsPolled');
        },
      },
      ELAPSED_TIME,
    );
    metrics.state = () => permits;
    permits.start();
    return new SharedPermits(permits);
  }

  get source(): PermitSource | undefined {
    return this.permits;
  }

  /** Undefined while the limit is shared, otherwise the reason for `/readyz`. */
  unavailable(): string | undefined {
    return this.permits && REASONS[this.permits.mode];
  }
}
