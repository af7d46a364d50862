import { type DynamicModule, Module } from '@nestjs/common';
import { Log } from './logging.ts';
import { Metrics } from './metrics.ts';

/** Provides the log and the metrics to every module. */
@Module({})
export class ObservabilityModule {
  static forRoot(log: Log, metrics: Metrics): DynamicModule {
    return {
      module: ObservabilityModule,
      global: true,
      providers: [
        { provide: Log, useValue: log },
        { provide: Metrics, useValue: metrics },
      ],
      exports: [Log, Metrics],
    };
  }
}
