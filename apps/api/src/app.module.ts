import { BookingsUpstream } from '@bookings/domain';
import {
  ClientSecret,
  FixedToken,
  GraphClient,
  type GraphCredential,
} from '@bookings/graph-client';
import { type DynamicModule, Module } from '@nestjs/common';
import { TokenVerifier } from './auth/token-verifier.ts';
import { BatchController } from './batch/batch.controller.ts';
import { CONFIG } from './config/config.token.ts';
import type { Config, GraphConfig } from './config/config.ts';
import { CustomersController } from './customers/customers.controller.ts';
import { HealthController } from './ops/health.controller.ts';
import { OpenApiController } from './openapi/open-api.controller.ts';
import { Metrics } from './ops/metrics.ts';
import { Readiness } from './ops/readiness.ts';

/** The composition root: the only file that names the adapters. */
@Module({})
export class AppModule {
  static with(config: Config, metrics: Metrics): DynamicModule {
    return {
      module: AppModule,
      controllers: [BatchController, CustomersController, HealthController, OpenApiController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: TokenVerifier, useFactory: () => new TokenVerifier(config.auth) },
        { provide: BookingsUpstream, useFactory: () => graphClient(config.graph) },
        { provide: Metrics, useValue: metrics },
        Readiness,
      ],
    };
  }
}

function graphClient(graph: GraphConfig): GraphClient {
  return new GraphClient({ ...graph, credential: graphCredential(graph) });
}

function graphCredential({ credential, baseUrl, attemptTimeoutMs }: GraphConfig): GraphCredential {
  if (credential.kind === 'access-token') return new FixedToken(credential.token);
  return new ClientSecret({
    ...credential,
    resource: new URL(baseUrl).origin,
    timeoutMs: attemptTimeoutMs,
  });
}
