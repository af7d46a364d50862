import {
  type BookingCustomer,
  type BookingsUpstream,
  type CreatedCustomer,
  type UpstreamAnswer,
  type UpstreamRequest,
  BookingCustomerChanges,
  isObject,
  parse,
} from '@bookings/domain';
import type { Metrics } from '../ops/metrics.ts';
import { apart } from './apart.ts';

/** Says in `Bookings-Warning` that the customer does not have the name that it was to have. */
export const NAME_NOT_STORED = 'display-name-not-stored';

/** A created customer as it was left, and what its caller must know of it. */
export interface Named {
  readonly answer: UpstreamAnswer & { readonly id: string };
  readonly warning: string | undefined;
}

/**
 * Sees to it that a customer has the name that it was created with: Graph was seen to store the
 * e-mail address in its place (github.com/microsoftgraph/microsoft-graph-docs, issue 15726).
 */
export class OwnName {
  constructor(
    private readonly upstream: BookingsUpstream,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Never fails: the customer is there, whatever becomes of its name.
   */
  async keep(
    business: string,
    { displayName }: BookingCustomer,
    created: Pick<CreatedCustomer, 'displayName'> & Named['answer'],
    request: UpstreamRequest,
  ): Promise<Named> {
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
    { id }: Named['answer'],
    request: UpstreamRequest,
  ): Promise<Named['answer'] | undefined> {
    try {
      return await apart(request, async (asked) => {
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

function nameIn({ body }: UpstreamAnswer): string {
  const entity: unknown = JSON.parse(body.toString('utf8'));
  const name = isObject(entity) ? entity['displayName'] : undefined;
  return typeof name === 'string' ? name : '';
}
