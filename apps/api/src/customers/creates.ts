import type { BookingCustomer, BookingsUpstream, UpstreamRequest } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { idempotencyKeyOf } from '../keyed-create/idempotency-key.ts';
import type { KeyedCreates } from '../keyed-create/keyed-creates.ts';
import type { Named, OwnName } from './own-name.ts';

/** A customer that was created, and header fields of the answer that say how. */
export interface Created {
  readonly answer: Named['answer'];
  readonly headers: Readonly<Record<string, string>>;
}

/** The two ways to create a customer: once, under an Idempotency-Key, or as often as it is asked for. */
export class Creates {
  /** @param keyRequired whether there is only the first */
  constructor(
    private readonly upstream: BookingsUpstream,
    private readonly names: OwnName,
    private readonly keyed: KeyedCreates,
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
      const { answer, warning } = await this.names.keep(business, customer, created, up);
      return { answer, headers: warned(warning) };
    }
    const answer = await this.keyed.create({ business, customer, idempotencyKey, request: up });
    request.trail.idempotency = answer.how;
    const replayed = answer.how === 'replayed' ? { 'Idempotent-Replayed': 'true' } : {};
    return { answer, headers: { ...replayed, ...warned(answer.warning) } };
  }
}

function warned(warning: string | undefined): Readonly<Record<string, string>> {
  return warning === undefined ? {} : { 'Bookings-Warning': warning };
}
