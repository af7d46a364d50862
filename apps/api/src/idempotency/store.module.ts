import { StoreConnection } from '@bookings/idempotency';
import { type DynamicModule, Module } from '@nestjs/common';

/** Provides the store connection, which the process opens before it creates the application. */
@Module({})
export class StoreModule {
  static forRoot(store: StoreConnection): DynamicModule {
    return {
      module: StoreModule,
      global: true,
      providers: [{ provide: StoreConnection, useValue: store }],
      exports: [StoreConnection],
    };
  }
}
