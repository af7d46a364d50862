import { StoreConnection } from '@bookings/idempotency';
import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.ts';
import { BatchModule } from './batch/batch.module.ts';
import { BusinessAccessModule } from './business-access/business-access.module.ts';
import { ConfigModule } from './config/config.module.ts';
import type { Config } from './config/config.ts';
import { CustomersModule } from './customers/customers.module.ts';
import { StoreModule } from './idempotency/store.module.ts';
import { HealthModule } from './health/health.module.ts';
import { accessFileLog } from './observability/access-file-log.ts';
import type { Log } from './observability/logging.ts';
import type { Metrics } from './observability/metrics.ts';
import { ObservabilityModule } from './observability/observability.module.ts';
import { OpenApiModule } from './openapi/open-api.module.ts';

/** Objects that exist before Nest creates the application. */
export interface AppDependencies {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly store: StoreConnection;
}

@Module({})
export class AppModule {
  static register(config: Config, { log, metrics, store }: AppDependencies): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule.forRoot(log, metrics),
        StoreModule.forRoot(store),
        AuthModule,
        BusinessAccessModule.register({
          rules: config.businessAccessRules,
          observer: accessFileLog(log, metrics),
        }),
        CustomersModule,
        BatchModule,
        HealthModule.register(config.managementPort === undefined),
        ...(config.docs ? [OpenApiModule] : []),
      ],
    };
  }
}
