import {
  withSeparateAttempts,
  type BookingCustomer,
  BookingCustomerChanges,
  BookingsGateway,
  type CreatedCustomer,
  inNormalForm,
  isObject,
  parse,
  type UpstreamResponse,
  type UpstreamRequest,
} from '@bookings/domain';
import type { DisplayNames, EnsuredCustomer } from '@bookings/idempotency';
import { Injectable } from '@nestjs/common';
import { Metrics } from '../observability/metrics.ts';

/** The value of `Bookings-Warning` when the customer does not have the requested name. */
export const NAME_NOT_STORED = 'display-name-not-stored';

/**
 * Repairs the display name of a created customer. Graph sometimes stores the e-mail address instead
 * (github.com/microsoftgraph/microsoft-graph-docs, issue 15726).
 */
@Injectable()
export class DisplayNameRepair implements DisplayNames {
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly metrics: Metrics,
  ) {}

  /** Never rejects, because the customer exists in any case. */
  async ensure(
    business: string,
    { displayName }: BookingCustomer,
    created: Pick<CreatedCustomer, 'displayName'> & EnsuredCustomer['response'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer> {
    if (created.displayName === undefined || isSame(displayName, created.displayName)) {
      return { response: created, warning: undefined };
    }
    const repaired = await this.#repair(business, displayName, created, request);
    const result = repaired ? 'corrected' : 'failed';
    this.metrics.nameCorrections.inc({ result });
    return repaired
      ? { response: repaired, warning: undefined }
      : { response: created, warning: NAME_NOT_STORED };
  }

  async #repair(
    business: string,
    displayName: string,
    { id }: EnsuredCustomer['response'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer['response'] | undefined> {
    try {
      return await withSeparateAttempts({ ...request, headers: {} }, async (attempt) => {
        const changes = parse(BookingCustomerChanges, { displayName });
        const updated = await this.upstream.updateCustomer(business, id, changes, attempt);
        return isSame(displayName, nameIn(updated)) ? { ...updated, status: 201, id } : undefined;
      });
    } catch {
      return undefined;
    }
  }
}

/** Ignores surrounding spaces, and the normal form: Graph may store another one. */
function isSame(requested: string, stored: string): boolean {
  return inNormalForm(requested.trim()) === inNormalForm(stored.trim());
}

function nameIn({ body }: UpstreamResponse): string {
  const customer: unknown = JSON.parse(body.toString('utf8'));
  const name = isObject(customer) ? customer['displayName'] : undefined;
  return typeof name === 'string' ? name : '';
}
