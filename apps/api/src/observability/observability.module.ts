import { type DynamicModule, Module } from '@nestjs/common';
import { Metrics } from './metrics.ts';

/** Provides the metrics to every module. */
@Module({})
export class ObservabilityModule {
  static forRoot(metrics: Metrics): DynamicModule {
    return {
      module: ObservabilityModule,
      global: true,
      providers: [{ provide: Metrics, useValue: metrics }],
      exports: [Metrics],
    };
  }
}
