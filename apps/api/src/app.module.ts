import { BookingsGateway } from '@bookings/domain';
import {
  ConfidentialIdentity,
  EntraCredential,
  FixedToken,
  GraphClient,
  type GraphCredential,
  ManagedIdentity,
} from '@bookings/graph-client';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditAlarm } from './audit/audit-alarm.ts';
import { AuditFile } from './audit/audit-file.ts';
import { AuditInLog } from './audit/audit-in-log.ts';
import { AuditLog } from './audit/audit-log.ts';
import { KeyAudit } from './audit/key-audit.ts';
import { AuditedGateway } from './audit/audited-upstream.ts';
import { PermissionsController } from './auth/permissions.controller.ts';
import { TokenVerifier } from './auth/token-verifier.ts';
import { ProcessBudget } from './batch/answer-budget.ts';
import { BatchController } from './batch/batch.controller.ts';
import { CONFIG } from './config/config.token.ts';
import type { Config, GraphConfig } from './config/config.ts';
import { Creates } from './customers/create-customer.ts';
import { CustomersController } from './customers/customers.controller.ts';
import { DisplayNameRepair } from './customers/display-name-repair.ts';
import {
  CustomerLists,
  IdempotentAttempts,
  IdempotentCreates,
  Reconciler,
  StoreConnection,
} from '@bookings/idempotency';
import { IdempotencyCounters } from './observability/idempotency-counters.ts';
import { HealthController } from './observability/health.controller.ts';
import { OpenApiController } from './openapi/open-api.controller.ts';
import { Metrics } from './observability/metrics.ts';
import { Readiness } from './observability/readiness.ts';
import { RefusedParts } from './observability/request-log.ts';

/** The composition root: the only file that names the adapters. */
@Module({})
export class AppModule {
  static with(
    config: Config,
    metrics: Metrics,
    state: StoreConnection,
    log: Logger,
  ): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        BatchController,
        CustomersController,
        PermissionsController,
        ...(config.docs ? [OpenApiController] : []),
        ...(config.managementPort === undefined ? [HealthController] : []),
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: TokenVerifier, useFactory: () => new TokenVerifier(config.auth) },
        { provide: StoreConnection, useValue: state },
        { provide: AuditAlarm, useFactory: () => new AuditAlarm(log, metrics) },
        { provide: AuditLog, useFactory: () => auditLog(config.auditFile, log) },
        {
          provide: BookingsGateway,
          useFactory: (audit: AuditLog, alarm: AuditAlarm) =>
            new AuditedGateway(graphClient(config.graph, log), audit, alarm),
          inject: [AuditLog, AuditAlarm],
        },
        ...creates(config, metrics),
        { provide: Metrics, useValue: metrics },
        ProcessBudget,
        {
          provide: Readiness,
          useFactory: (verifier: TokenVerifier, upstream: BookingsGateway, audit: AuditLog) =>
            new Readiness(log, verifier, upstream, audit, state),
          inject: [TokenVerifier, BookingsGateway, AuditLog],
        },
        { provide: RefusedParts, useFactory: () => new RefusedParts(log, metrics) },
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

/** What stands between a create and Graph. */
function creates({ graph, idempotency }: Config, metrics: Metrics): Provider[] {
  return [
    {
      provide: DisplayNameRepair,
      useFactory: (upstream: BookingsGateway) => new DisplayNameRepair(upstream, metrics),
      inject: [BookingsGateway],
    },
    {
      provide: Reconciler,
      useFactory: (upstream: BookingsGateway) =>
        new Reconciler(new CustomerLists(upstream, graph.deadlineMs), {
          settleMs: idempotency.settleMs,
          deadlineMs: graph.deadlineMs,
        }),
      inject: [BookingsGateway],
    },
    {
      provide: IdempotentCreates,
      useFactory: (
        state: StoreConnection,
        upstream: BookingsGateway,
        names: DisplayNameRepair,
        settlement: Reconciler,
        audit: AuditLog,
        alarm: AuditAlarm,
      ) =>
        new IdempotentCreates(
          state,
          new IdempotentAttempts(upstream, names, graph),
          settlement,
          new KeyAudit(audit, alarm),
          new IdempotencyCounters(metrics),
        ),
      inject: [
        StoreConnection,
        BookingsGateway,
        DisplayNameRepair,
        Reconciler,
        AuditLog,
        AuditAlarm,
      ],
    },
    {
      provide: Creates,
      useFactory: (upstream: BookingsGateway, names: DisplayNameRepair, keyed: IdempotentCreates) =>
        new Creates(upstream, names, keyed, idempotency.keyRequired),
      inject: [BookingsGateway, DisplayNameRepair, IdempotentCreates],
    },
  ];
}
