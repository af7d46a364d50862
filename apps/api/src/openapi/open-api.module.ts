import { Module } from '@nestjs/common';
import { OpenApiController } from './open-api.controller.ts';

@Module({ controllers: [OpenApiController] })
export class OpenApiModule {}
