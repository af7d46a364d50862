import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../config/config.token.ts';
import { InFlight } from './in-flight.ts';
import { Metrics } from './metrics.ts';
import { RefusedParts } from './request-log.ts';

/** Counting and logging, for every module. */
@Module({})
export class ObservabilityModule {
  static with(metrics: Metrics, inFlight: InFlight): DynamicModule {
    return {
      module: ObservabilityModule,
      global: true,
      providers: [
        { provide: Metrics, useValue: metrics },
        { provide: InFlight, useValue: inFlight },
        {
          provide: RefusedParts,
          useFactory: (log: Logger) => new RefusedParts(log, metrics),
          inject: [LOGGER],
        },
      ],
      exports: [Metrics, InFlight, RefusedParts],
    };
  }
}
