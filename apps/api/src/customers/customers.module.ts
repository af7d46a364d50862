import { Module } from '@nestjs/common';
import { GraphModule } from '../graph/graph.module.ts';
import { IdempotencyModule } from '../idempotency/idempotency.module.ts';
import { CreateCustomer } from './create-customer.ts';
import { CustomersController } from './customers.controller.ts';

@Module({
  imports: [GraphModule, IdempotencyModule],
  controllers: [CustomersController],
  providers: [CreateCustomer],
})
export class CustomersModule {}
