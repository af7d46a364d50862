import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';

/** Reads the business access file again when it changes. */
@Module({})
export class BusinessAccessModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.config.businessRules?.watch(this.log);
  }

  onModuleDestroy(): void {
    this.config.businessRules?.close();
  }
}
