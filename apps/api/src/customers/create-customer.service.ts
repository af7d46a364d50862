import type { BookingCustomer, UpstreamRequest } from '@bookings/domain';
import { type EnsuredCustomer, IdempotentCreates, UnkeyedCreates } from '@bookings/idempotency';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '../config/config.token.ts';
import type { Config } from '../config/config.ts';
import { saysRepeat } from '../http/retry-attempt.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

/** A created customer, and the header fields of its response. */
export interface Created {
  readonly response: EnsuredCustomer['response'];
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates a customer: once per Idempotency-Key, or on every request without one that does not say
 * that it is a repeat.
 */
@Injectable()
export class CreateCustomerService {
  constructor(
    private readonly unkeyedCreates: UnkeyedCreates,
    private readonly idempotentCreates: IdempotentCreates,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async create(
    request: FastifyRequest,
    business: string,
    customer: BookingCustomer,
    upstreamRequest: UpstreamRequest,
  ): Promise<Created> {
    const idempotencyKey = idempotencyKeyOf(request, this.config.idempotency.keyRequired);
    const { callerRequestId } = request.requestContext;
    const create = { business, customer, callerRequestId, request: upstreamRequest };
    if (idempotencyKey === undefined && !saysRepeat(request.headers)) {
      const { response, warning } = await this.unkeyedCreates.create(create);
      return { response, headers: warningHeader(warning) };
    }
    const response = await this.idempotentCreates.create({ ...create, idempotencyKey });
    request.requestContext.idempotency = response.outcome;
    const replayed = response.outcome === 'replayed' ? { 'Idempotent-Replayed': 'true' } : {};
    return { response, headers: { ...replayed, ...warningHeader(response.warning) } };
  }
}

function warningHeader(warning: string | undefined): Readonly<Record<string, string>> {
  return warning === undefined ? {} : { 'Bookings-Warning': warning };
}
