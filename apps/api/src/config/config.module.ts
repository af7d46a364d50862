import { type DynamicModule, Module } from '@nestjs/common';
import { CONFIG } from './config.token.ts';
import type { Config } from './config.ts';

/** Provides the settings to every module. */
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
