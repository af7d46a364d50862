import type { BookingCustomer, BookingsGateway, UpstreamRequest } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { EnsuredCustomer, IdempotentCreates } from '@bookings/idempotency';
import type { DisplayNameRepair } from './display-name-repair.ts';

/** A customer that was created, and header fields of the answer that say how. */
export interface Created {
  readonly answer: EnsuredCustomer['answer'];
  readonly headers: Readonly<Record<string, string>>;
}

/** The two ways to create a customer: once, under an Idempotency-Key, or as often as it is asked for. */
export class Creates {
  /** @param keyRequired whether there is only the first */
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly displayNames: DisplayNameRepair,
    private readonly keyed: IdempotentCreates,
    private readonly keyRequired: boolean,
  ) {}

  async create(
    request: FastifyRequest,
    business: string,
    customer: BookingCustomer,
    up: UpstreamRequest,
  ): Promise<Created> {
    const idempotencyKey = idempotencyKeyOf(request, this.keyRequired);
    if (idempotencyKey === undefined) {
      const created = await this.upstream.createCustomer(business, customer, up);
      const { answer, warning } = await this.displayNames.ensure(business, customer, created, up);
      return { answer, headers: warned(warning) };
    }
    const answer = await this.keyed.create({ business, customer, idempotencyKey, request: up });
    request.requestContext.idempotency = answer.how;
    const replayed = answer.how === 'replayed' ? { 'Idempotent-Replayed': 'true' } : {};
    return { answer, headers: { ...replayed, ...warned(answer.warning) } };
  }
}

function warned(warning: string | undefined): Readonly<Record<string, string>> {
  return warning === undefined ? {} : { 'Bookings-Warning': warning };
}
