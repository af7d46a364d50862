import { BookingsUpstream } from '@bookings/domain';
import {
  ConfidentialIdentity,
  EntraCredential,
  FixedToken,
  GraphClient,
  type GraphCredential,
  ManagedIdentity,
} from '@bookings/graph-client';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditAlarm } from './audit/audit-alarm.ts';
import { AuditFile } from './audit/audit-file.ts';
import { AuditInLog } from './audit/audit-in-log.ts';
import { AuditLog } from './audit/audit-log.ts';
import { AuditedUpstream } from './audit/audited-upstream.ts';
import { PermissionsController } from './auth/permissions.controller.ts';
import { TokenVerifier } from './auth/token-verifier.ts';
import { BatchController } from './batch/batch.controller.ts';
import { CONFIG } from './config/config.token.ts';
import type { Config, GraphConfig } from './config/config.ts';
import { CustomersController } from './customers/customers.controller.ts';
import { HealthController } from './ops/health.controller.ts';
import { OpenApiController } from './openapi/open-api.controller.ts';
import { Metrics } from './ops/metrics.ts';
import { Readiness } from './ops/readiness.ts';

/** The composition root: the only file that names the adapters. */
@Module({})
export class AppModule {
  static with(config: Config, metrics: Metrics, log: Logger): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        BatchController,
        CustomersController,
        HealthController,
        OpenApiController,
        PermissionsController,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: TokenVerifier, useFactory: () => new TokenVerifier(config.auth) },
        { provide: AuditLog, useFactory: () => auditLog(config.auditFile, log) },
        {
          provide: BookingsUpstream,
          useFactory: (audit: AuditLog) =>
            new AuditedUpstream(
              graphClient(config.graph, log),
              audit,
              new AuditAlarm(log, metrics),
            ),
          inject: [AuditLog],
        },
        { provide: Metrics, useValue: metrics },
        Readiness,
      ],
    };
  }
}

function auditLog(file: string | undefined, log: Logger): AuditLog {
  return file === undefined ? new AuditInLog(log) : new AuditFile(file);
}

function graphClient(graph: GraphConfig, log: Logger): GraphClient {
  return new GraphClient({ ...graph, credential: graphCredential(graph, log) });
}

function graphCredential(
  { credential, attemptTimeoutMs: timeoutMs }: GraphConfig,
  log: Logger,
): GraphCredential {
  if (credential.kind === 'access-token') return new FixedToken(credential.token);
  const identity =
    credential.kind === 'managed-identity'
      ? new ManagedIdentity({ ...credential, timeoutMs })
      : new ConfidentialIdentity({ ...credential, timeoutMs });
  return new EntraCredential(identity, (err) => {
    log.error({ alarm: 'graph-identity', err }, 'no token for Graph');
  });
}
