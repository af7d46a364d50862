import {
  withSeparateAttempts,
  type BookingCustomer,
  BookingCustomerChanges,
  type BookingsGateway,
  type CreatedCustomer,
  isObject,
  parse,
  type UpstreamResponse,
  type UpstreamRequest,
} from '@bookings/domain';
import type { DisplayNames, EnsuredCustomer } from '@bookings/idempotency';
import type { Metrics } from '../observability/metrics.ts';

/** Says in `Bookings-Warning` that the customer does not have the name that it was to have. */
export const NAME_NOT_STORED = 'display-name-not-stored';

/**
 * Sees to it that a customer has the name that it was created with: Graph was seen to store the
 * e-mail address in its place (github.com/microsoftgraph/microsoft-graph-docs, issue 15726).
 */
export class DisplayNameRepair implements DisplayNames {
  constructor(
    private readonly upstream: BookingsGateway,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Never fails: the customer is there, whatever becomes of its name.
   */
  async ensure(
    business: string,
    { displayName }: BookingCustomer,
    created: Pick<CreatedCustomer, 'displayName'> & EnsuredCustomer['answer'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer> {
    if (created.displayName === undefined || isSame(displayName, created.displayName)) {
      return { answer: created, warning: undefined };
    }
    const answer = await this.#correct(business, displayName, created, request);
    const result = answer ? 'corrected' : 'failed';
    this.metrics.nameCorrections.inc({ result });
    return answer ? { answer, warning: undefined } : { answer: created, warning: NAME_NOT_STORED };
  }

  async #correct(
    business: string,
    displayName: string,
    { id }: EnsuredCustomer['answer'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer['answer'] | undefined> {
    try {
      return await withSeparateAttempts(request, async (asked) => {
        const changes = parse(BookingCustomerChanges, { displayName });
        const answer = await this.upstream.updateCustomer(business, id, changes, asked);
        return isSame(displayName, nameIn(answer)) ? { ...answer, status: 201, id } : undefined;
      });
    } catch {
      return undefined;
    }
  }
}

/** Spaces at the ends are nobody's name. */
function isSame(wanted: string, stored: string): boolean {
  return wanted.trim() === stored.trim();
}

function nameIn({ body }: UpstreamResponse): string {
  const entity: unknown = JSON.parse(body.toString('utf8'));
  const name = isObject(entity) ? entity['displayName'] : undefined;
  return typeof name === 'string' ? name : '';
}
