import { StoreConnection } from '@bookings/idempotency';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuthModule } from './auth/auth.module.ts';
import { BatchModule } from './batch/batch.module.ts';
import { BusinessAccessModule } from './business-access/business-access.module.ts';
import { ConfigModule } from './config/config.module.ts';
import type { Config } from './config/config.ts';
import { CustomersModule } from './customers/customers.module.ts';
import { StoreModule } from './idempotency/store.module.ts';
import { HealthModule } from './health/health.module.ts';
import { resultOf } from './observability/dependency-metrics.ts';
import type { Metrics } from './observability/metrics.ts';
import { ObservabilityModule } from './observability/observability.module.ts';
import { OpenApiModule } from './openapi/open-api.module.ts';

/** Objects that exist before Nest creates the application. */
export interface AppDependencies {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly store: StoreConnection;
}

@Module({})
export class AppModule {
  static register(config: Config, { log, metrics, store }: AppDependencies): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config, log),
        ObservabilityModule.forRoot(metrics),
        StoreModule.forRoot(store),
        AuthModule,
        BusinessAccessModule.register({
          rules: config.businessAccessRules,
          log,
          onReload: (succeeded) => {
            metrics.dependencies.accessReloads.inc(resultOf(succeeded));
          },
        }),
        CustomersModule,
        BatchModule,
        HealthModule.register(config.managementPort === undefined),
        ...(config.docs ? [OpenApiModule] : []),
      ],
    };
  }
}
