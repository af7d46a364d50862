import { Module } from '@nestjs/common';
import { GraphModule } from '../graph/graph.module.ts';
import { IdempotencyModule } from '../idempotency/idempotency.module.ts';
import { CreateCustomerService } from './create-customer.service.ts';
import { CustomersController } from './customers.controller.ts';

@Module({
  imports: [GraphModule, IdempotencyModule],
  controllers: [CustomersController],
  providers: [CreateCustomerService],
})
export class CustomersModule {}
