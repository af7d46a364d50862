import { type BookingCustomer, BookingsGateway, type UpstreamRequest } from '@bookings/domain';
import { type EnsuredCustomer, IdempotentCreates } from '@bookings/idempotency';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { DisplayNameRepair } from '../graph/display-name-repair.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

/** A created customer, and the header fields of its response. */
export interface Created {
  readonly response: EnsuredCustomer['response'];
  readonly headers: Readonly<Record<string, string>>;
}

/** Creates a customer: once per Idempotency-Key, or on every request without one. */
@Injectable()
export class CreateCustomer {
  constructor(
    private readonly gateway: BookingsGateway,
    private readonly displayNames: DisplayNameRepair,
    private readonly idempotentCreates: IdempotentCreates,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute(
    request: FastifyRequest,
    business: string,
    customer: BookingCustomer,
    upstreamRequest: UpstreamRequest,
  ): Promise<Created> {
    const idempotencyKey = idempotencyKeyOf(request, this.config.idempotency.keyRequired);
    if (idempotencyKey === undefined) {
      const created = await this.gateway.createCustomer(business, customer, upstreamRequest);
      const { response, warning } = await this.displayNames.ensure(
        business,
        customer,
        created,
        upstreamRequest,
      );
      return { response, headers: warningHeader(warning) };
    }
    const response = await this.idempotentCreates.create({
      business,
      customer,
      idempotencyKey,
      request: upstreamRequest,
    });
    request.requestContext.idempotency = response.outcome;
    const replayed = response.outcome === 'replayed' ? { 'Idempotent-Replayed': 'true' } : {};
    return { response, headers: { ...replayed, ...warningHeader(response.warning) } };
  }
}

function warningHeader(warning: string | undefined): Readonly<Record<string, string>> {
  return warning === undefined ? {} : { 'Bookings-Warning': warning };
}
