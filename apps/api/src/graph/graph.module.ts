import { BookingsGateway } from '@bookings/domain';
import { GraphClient } from '@bookings/graph-client';
import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditModule } from '../audit/audit.module.ts';
import { WriteAudit } from '../audit/write-audit.ts';
import { CONFIG, LOGGER } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { Metrics } from '../observability/metrics.ts';
import { DisplayNameRepair } from './display-name-repair.ts';
import { graphCredential } from './graph-credential.ts';
import { UpstreamCounters } from './upstream-counters.ts';

/** Provides access to Graph. Every write is audited. */
@Module({
  imports: [AuditModule],
  providers: [
    {
      provide: BookingsGateway,
      useFactory: (
        { graph }: Config,
        log: Logger,
        writeInterceptor: WriteAudit,
        { upstream }: Metrics,
      ) => {
        const credential = graphCredential(graph, log);
        const events = new UpstreamCounters(upstream);
        const client = new GraphClient({ ...graph, credential, writeInterceptor, events });
        upstream.occupancy = () => client.occupancy();
        return client;
      },
      inject: [CONFIG, LOGGER, WriteAudit, Metrics],
    },
    DisplayNameRepair,
  ],
  exports: [BookingsGateway, DisplayNameRepair],
})
export class GraphModule {}
