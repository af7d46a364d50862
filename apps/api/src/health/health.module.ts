import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { AuthModule } from '../auth/auth.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { IdempotencyModule } from '../idempotency/idempotency.module.ts';
import { HealthController } from './health.controller.ts';
import { Readiness } from './readiness.ts';

/** Probes and metrics. */
@Module({})
export class HealthModule {
  /** @param served whether the application's own port serves them */
  static register(served: boolean): DynamicModule {
    return {
      module: HealthModule,
      imports: [AuditModule, AuthModule, GraphModule, IdempotencyModule],
      controllers: served ? [HealthController] : [],
      providers: [Readiness],
      exports: [Readiness],
    };
  }
}
