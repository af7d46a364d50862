import { BookingsGateway } from '@bookings/domain';
import { GraphClient } from '@bookings/graph-client';
import { StoreConnection } from '@bookings/idempotency';
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { WriteAudit } from '../audit/write-audit.ts';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { resultOf } from '../observability/dependency-metrics.ts';
import { Log } from '../observability/logging.ts';
import { Metrics } from '../observability/metrics.ts';
import { DisplayNameRepair } from './display-name-repair.ts';
import { graphCredential } from './graph-credential.ts';
import { SharedPermits } from './shared-permits.ts';
import { UpstreamCounters } from './upstream-counters.ts';

/** Provides access to Graph. Every write is audited. */
@Module({
  imports: [AuditModule],
  providers: [
    {
      provide: SharedPermits,
      useFactory: (config: Config, store: StoreConnection, metrics: Metrics, log: Log) =>
        SharedPermits.start(config, store, metrics, log),
      inject: [CONFIG, StoreConnection, Metrics, Log],
    },
    {
      provide: BookingsGateway,
      useFactory: (
        { graph }: Config,
        log: Log,
        writeInterceptor: WriteAudit,
        { upstream, dependencies }: Metrics,
        { source: permits }: SharedPermits,
      ) => {
        const credential = graphCredential(graph, log, {
          tokenRequested: (succeeded) => {
            dependencies.tokenRequests.inc(resultOf(succeeded));
          },
          fileChanged: (succeeded) => {
            dependencies.credentialReloads.inc(resultOf(succeeded));
          },
        });
        const events = new UpstreamCounters(upstream);
        const client = new GraphClient({ ...graph, credential, writeInterceptor, events, permits });
        upstream.occupancy = () => client.occupancy();
        return client;
      },
      inject: [CONFIG, Log, WriteAudit, Metrics, SharedPermits],
    },
    DisplayNameRepair,
  ],
  exports: [BookingsGateway, DisplayNameRepair, SharedPermits],
})
export class GraphModule {}
