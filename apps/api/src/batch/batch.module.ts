import { Module } from '@nestjs/common';
import { ProcessBudget } from './answer-budget.ts';
import { BatchController } from './batch.controller.ts';

@Module({ controllers: [BatchController], providers: [ProcessBudget] })
export class BatchModule {}
