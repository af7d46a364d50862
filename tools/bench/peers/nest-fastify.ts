// Nest on Fastify by a careful team: ValidationPipe, a guard with jose, undici. No log.
import 'reflect-metadata';
import * as nest from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { forward, refusal } from './careful.ts';
import { CustomerDto } from './customer.dto.ts';

@nest.Injectable()
class TokenGuard implements nest.CanActivate {
  async canActivate(context: nest.ExecutionContext): Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const status = await refusal(headers.authorization);
    if (status) throw new nest.HttpException('no', status);
    return true;
  }
}

@nest.Controller('v1.0/solutions/bookingBusinesses/:business/customers')
@nest.UseGuards(TokenGuard)
class CustomersController {
  @nest.Post()
  async create(
    @nest.Param('business') business: string,
    @nest.Body() customer: CustomerDto,
    @nest.Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { status, type, body } = await forward(business, customer);
    reply.code(status).header('content-type', type);
    return body;
  }
}

@nest.Module({ controllers: [CustomersController] })
class AppModule {}

const adapter = new FastifyAdapter();
const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: false });
const strict = { transform: true, whitelist: true, forbidNonWhitelisted: true };
app.useGlobalPipes(new nest.ValidationPipe(strict));
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
