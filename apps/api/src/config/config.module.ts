import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from './config.token.ts';
import type { Config } from './config.ts';

/** Provides the settings and the log to every module. */
@Module({})
export class ConfigModule {
  static forRoot(config: Config, log: Logger): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: log },
      ],
      exports: [CONFIG, LOGGER],
    };
  }
}
