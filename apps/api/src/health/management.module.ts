import { type DynamicModule, Module } from '@nestjs/common';
import { HealthController } from './health.controller.ts';
import { Metrics } from '../observability/metrics.ts';
import { Readiness } from './readiness.ts';

/** Serves probes and metrics on `MANAGEMENT_PORT`. */
@Module({})
export class ManagementModule {
  static register(readiness: Readiness, metrics: Metrics): DynamicModule {
    return {
      module: ManagementModule,
      controllers: [HealthController],
      providers: [
        { provide: Readiness, useValue: readiness },
        { provide: Metrics, useValue: metrics },
      ],
    };
  }
}
