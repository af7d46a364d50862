import { BookingsGateway } from '@bookings/domain';
import { GraphClient } from '@bookings/graph-client';
import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditAlarm } from '../audit/audit-alarm.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { AuditedGateway } from '../audit/audited-gateway.ts';
import { CONFIG, LOGGER } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { DisplayNameRepair } from './display-name-repair.ts';
import { graphCredential } from './graph-credential.ts';

/** Provides access to Graph. Every write is audited. */
@Module({
  imports: [AuditModule],
  providers: [
    {
      provide: BookingsGateway,
      useFactory: ({ graph }: Config, log: Logger, audit: AuditLog, alarm: AuditAlarm) => {
        const client = new GraphClient({ ...graph, credential: graphCredential(graph, log) });
        return new AuditedGateway(client, audit, alarm);
      },
      inject: [CONFIG, LOGGER, AuditLog, AuditAlarm],
    },
    DisplayNameRepair,
  ],
  exports: [BookingsGateway, DisplayNameRepair],
})
export class GraphModule {}
