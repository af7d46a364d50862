import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { AccessFileObserver, BusinessAccessRules } from './business-access-rules.ts';

const WATCHED = Symbol('WATCHED');

interface Watched {
  readonly rules: BusinessAccessRules | undefined;
  readonly observer: AccessFileObserver;
}

/** Reloads the business access file when it changes. */
@Module({})
export class BusinessAccessModule implements OnApplicationBootstrap, OnModuleDestroy {
  static register(useValue: Watched): DynamicModule {
    return { module: BusinessAccessModule, providers: [{ provide: WATCHED, useValue }] };
  }

  constructor(@Inject(WATCHED) private readonly watched: Watched) {}

  onApplicationBootstrap(): void {
    const { rules, observer } = this.watched;
    rules?.watch(observer);
  }

  onModuleDestroy(): void {
    this.watched.rules?.close();
  }
}
