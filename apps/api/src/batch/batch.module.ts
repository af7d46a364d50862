import { Module } from '@nestjs/common';
import { RequestLog } from '../http/request-log.ts';
import { ProcessBudget } from './response-budget.ts';
import { BatchController } from './batch.controller.ts';

@Module({ controllers: [BatchController], providers: [ProcessBudget, RequestLog] })
export class BatchModule {}
