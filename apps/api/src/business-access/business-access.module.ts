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
  /** Called after each change of the file. */
  readonly onReload: (succeeded: boolean) => void;
}

/** Reloads the business access file when it changes. */
@Module({})
export class BusinessAccessModule implements OnApplicationBootstrap, OnModuleDestroy {
  static register(useValue: Watched): DynamicModule {
    return { module: BusinessAccessModule, providers: [{ provide: WATCHED, useValue }] };
  }

  constructor(@Inject(WATCHED) private readonly watched: Watched) {}

  onApplicationBootstrap(): void {
    const { rules, log, onReload } = this.watched;
    rules?.watch(log, onReload);
  }

  onModuleDestroy(): void {
    this.watched.rules?.close();
  }
}
