import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { BusinessAccessRules } from './business-access-rules.ts';

const WATCHED = Symbol('WATCHED');

interface Watched {
  readonly rules: BusinessAccessRules | undefined;
  readonly log: Logger;
}

/** Reloads the business access file when it changes. */
@Module({})
export class BusinessAccessModule implements OnApplicationBootstrap, OnModuleDestroy {
  static register(rules: BusinessAccessRules | undefined, log: Logger): DynamicModule {
    const useValue: Watched = { rules, log };
    return { module: BusinessAccessModule, providers: [{ provide: WATCHED, useValue }] };
  }

  constructor(@Inject(WATCHED) private readonly watched: Watched) {}

  onApplicationBootstrap(): void {
    this.watched.rules?.watch(this.watched.log);
  }

  onModuleDestroy(): void {
    this.watched.rules?.close();
  }
}
