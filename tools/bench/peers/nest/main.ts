// Nest as its documentation teaches it: Express, ValidationPipe, passport-jwt, HttpModule (axios).
// No log, no metrics, no queue per business.
import 'reflect-metadata';
import { Agent } from 'node:http';
import { HttpModule } from '@nestjs/axios';
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { PassportModule } from '@nestjs/passport';
import { settings, UPSTREAM_CONNECTIONS } from '../settings.ts';
import { CustomersController, CustomersService } from './customers.controller.ts';
import { JwtStrategy } from './jwt.strategy.ts';

@Module({
  imports: [
    PassportModule,
    HttpModule.register({
      timeout: 10_000,
      httpAgent: new Agent({ keepAlive: true, maxSockets: UPSTREAM_CONNECTIONS }),
    }),
  ],
  controllers: [CustomersController],
  providers: [CustomersService, JwtStrategy],
})
class AppModule {}

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error'] });
app.useGlobalPipes(
  new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }),
);
const server = await app.listen(settings.port, '127.0.0.1');
server.keepAliveTimeout = 600_000;
