import {
  withSeparateAttempts,
  type BookingCustomer,
  BookingCustomerChanges,
  BookingsGateway,
  type CreatedCustomer,
  isObject,
  parse,
  type UpstreamResponse,
  type UpstreamRequest,
} from '@bookings/domain';
import type { DisplayNames, EnsuredCustomer } from '@bookings/idempotency';
import { Injectable } from '@nestjs/common';
import { Metrics } from '../observability/metrics.ts';

/** Says in `Bookings-Warning` that the customer does not have the name that it was to have. */
export const NAME_NOT_STORED = 'display-name-not-stored';

/**
 * Sees to it that a customer has the name that it was created with: Graph was seen to store the
 * e-mail address in its place (github.com/microsoftgraph/microsoft-graph-docs, issue 15726).
 */
@Injectable()
export class DisplayNameRepair implements DisplayNames {
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly metrics: Metrics,
  ) {}

  /** Never rejects: the customer exists, with the right name or without it. */
  async ensure(
    business: string,
    { displayName }: BookingCustomer,
    created: Pick<CreatedCustomer, 'displayName'> & EnsuredCustomer['response'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer> {
    if (created.displayName === undefined || isSame(displayName, created.displayName)) {
      return { response: created, warning: undefined };
    }
    const answer = await this.#repair(business, displayName, created, request);
    const result = answer ? 'corrected' : 'failed';
    this.metrics.nameCorrections.inc({ result });
    return answer
      ? { response: answer, warning: undefined }
      : { response: created, warning: NAME_NOT_STORED };
  }

  async #repair(
    business: string,
    displayName: string,
    { id }: EnsuredCustomer['response'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer['response'] | undefined> {
    try {
      return await withSeparateAttempts({ ...request, headers: {} }, async (asked) => {
        const changes = parse(BookingCustomerChanges, { displayName });
        const answer = await this.upstream.updateCustomer(business, id, changes, asked);
        return isSame(displayName, nameIn(answer)) ? { ...answer, status: 201, id } : undefined;
      });
    } catch {
      return undefined;
    }
  }
}

/** Ignores surrounding spaces. */
function isSame(wanted: string, stored: string): boolean {
  return wanted.trim() === stored.trim();
}

function nameIn({ body }: UpstreamResponse): string {
  const entity: unknown = JSON.parse(body.toString('utf8'));
  const name = isObject(entity) ? entity['displayName'] : undefined;
  return typeof name === 'string' ? name : '';
}
