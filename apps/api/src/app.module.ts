import { BookingsUpstream } from '@bookings/domain';
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
import { AuditedUpstream } from './audit/audited-upstream.ts';
import { PermissionsController } from './auth/permissions.controller.ts';
import { TokenVerifier } from './auth/token-verifier.ts';
import { ProcessBudget } from './batch/answer-budget.ts';
import { BatchController } from './batch/batch.controller.ts';
import { CONFIG } from './config/config.token.ts';
import type { Config, GraphConfig } from './config/config.ts';
import { Creates } from './customers/creates.ts';
import { CustomersController } from './customers/customers.controller.ts';
import { OwnName } from './customers/own-name.ts';
import { StateOpening } from './idempotency/state-opening.ts';
import { CustomerListings } from './keyed-create/customer-listings.ts';
import { KeyedAttempts } from './keyed-create/keyed-attempts.ts';
import { KeyedCreates } from './keyed-create/keyed-creates.ts';
import { Settlement } from './keyed-create/settlement.ts';
import { HealthController } from './ops/health.controller.ts';
import { OpenApiController } from './openapi/open-api.controller.ts';
import { Metrics } from './ops/metrics.ts';
import { Readiness } from './ops/readiness.ts';
import { RefusedParts } from './ops/request-log.ts';

/** The composition root: the only file that names the adapters. */
@Module({})
export class AppModule {
  static with(config: Config, metrics: Metrics, state: StateOpening, log: Logger): DynamicModule {
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
        { provide: StateOpening, useValue: state },
        { provide: AuditAlarm, useFactory: () => new AuditAlarm(log, metrics) },
        { provide: AuditLog, useFactory: () => auditLog(config.auditFile, log) },
        {
          provide: BookingsUpstream,
          useFactory: (audit: AuditLog, alarm: AuditAlarm) =>
            new AuditedUpstream(graphClient(config.graph, log), audit, alarm),
          inject: [AuditLog, AuditAlarm],
        },
        ...creates(config, metrics),
        { provide: Metrics, useValue: metrics },
        ProcessBudget,
        {
          provide: Readiness,
          useFactory: (verifier: TokenVerifier, upstream: BookingsUpstream, audit: AuditLog) =>
            new Readiness(log, verifier, upstream, audit, state),
          inject: [TokenVerifier, BookingsUpstream, AuditLog],
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
      provide: OwnName,
      useFactory: (upstream: BookingsUpstream) => new OwnName(upstream, metrics),
      inject: [BookingsUpstream],
    },
    {
      provide: Settlement,
      useFactory: (upstream: BookingsUpstream) =>
        new Settlement(new CustomerListings(upstream, graph.deadlineMs), {
          settleMs: idempotency.settleMs,
          deadlineMs: graph.deadlineMs,
        }),
      inject: [BookingsUpstream],
    },
    {
      provide: KeyedCreates,
      useFactory: (
        state: StateOpening,
        upstream: BookingsUpstream,
        names: OwnName,
        settlement: Settlement,
        audit: AuditLog,
        alarm: AuditAlarm,
      ) =>
        new KeyedCreates(
          state,
          new KeyedAttempts(upstream, names, graph),
          settlement,
          new KeyAudit(audit, alarm),
          metrics,
        ),
      inject: [StateOpening, BookingsUpstream, OwnName, Settlement, AuditLog, AuditAlarm],
    },
    {
      provide: Creates,
      useFactory: (upstream: BookingsUpstream, names: OwnName, keyed: KeyedCreates) =>
        new Creates(upstream, names, keyed, idempotency.keyRequired),
      inject: [BookingsUpstream, OwnName, KeyedCreates],
    },
  ];
}
