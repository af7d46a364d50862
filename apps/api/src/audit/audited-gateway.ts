import {
  type BookingCustomer,
  type BookingCustomerChanges,
  BookingsGateway,
  type CreatedCustomer,
  GraphError,
  type UpstreamResponse,
  type UpstreamRequest,
} from '@bookings/domain';
import { InFlight } from '../observability/in-flight.ts';
import type { AuditAlarm } from './audit-alarm.ts';
import type { AuditLog } from './audit-log.ts';
import {
  type AuditIntent,
  type AuditOutcome,
  type Write,
  intentOf,
  outcomeOf,
} from './audit-record.ts';
import { responseResult, errorResult } from './write-result.ts';

/**
 * Audits the writes of a gateway: the intent before the request is sent, the outcome before the
 * response is returned. A write is refused if its intent cannot be appended. A lost outcome only
 * raises an alarm.
 */
export class AuditedGateway extends BookingsGateway {
  readonly #running = new InFlight();

  constructor(
    private readonly upstream: BookingsGateway,
    private readonly audit: AuditLog,
    private readonly alarm: AuditAlarm,
  ) {
    super();
  }

  override createCustomer(
    business: string,
    customer: BookingCustomer,
    request: UpstreamRequest,
  ): Promise<CreatedCustomer> {
    return this.#audited(
      { operation: 'createCustomer', business },
      request,
      () => this.upstream.createCustomer(business, customer, request),
      ({ id }) => id,
    );
  }

  override updateCustomer(
    business: string,
    id: string,
    changes: BookingCustomerChanges,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    return this.#audited({ operation: 'updateCustomer', business, customerId: id }, request, () =>
      this.upstream.updateCustomer(business, id, changes, request),
    );
  }

  override deleteCustomer(
    business: string,
    id: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    return this.#audited({ operation: 'deleteCustomer', business, customerId: id }, request, () =>
      this.upstream.deleteCustomer(business, id, request),
    );
  }

  override listCustomers(
    ...args: Parameters<BookingsGateway['listCustomers']>
  ): Promise<UpstreamResponse> {
    return this.upstream.listCustomers(...args);
  }

  override countCustomers(
    ...args: Parameters<BookingsGateway['countCustomers']>
  ): Promise<UpstreamResponse> {
    return this.upstream.countCustomers(...args);
  }

  override getCustomer(
    ...args: Parameters<BookingsGateway['getCustomer']>
  ): Promise<UpstreamResponse> {
    return this.upstream.getCustomer(...args);
  }

  override unavailable(): Promise<string | undefined> {
    return this.upstream.unavailable();
  }

  /** Waits for every outcome, because a write may outlive the request of a disconnected client. */
  override async close(): Promise<void> {
    await this.upstream.close();
    await this.#running.whenIdle();
    await this.audit.close();
  }

  async #audited<T extends UpstreamResponse>(
    write: Write,
    request: UpstreamRequest,
    send: () => Promise<T>,
    created?: (response: T) => string,
  ): Promise<T> {
    const intent = intentOf(write, request);
    this.#running.enter();
    try {
      try {
        await this.audit.append(intent);
      } catch (cause) {
        throw this.#refusal(intent, request, cause);
      }
      let response: T;
      try {
        response = await send();
      } catch (error) {
        await this.#appendOutcome(outcomeOf(intent, errorResult(error, request)));
        throw error;
      }
      await this.#appendOutcome(
        outcomeOf(intent, responseResult(response, request), created?.(response)),
      );
      return response;
    } finally {
      this.#running.leave();
    }
  }

  /** The error for a write whose intent could not be appended. */
  #refusal(intent: AuditIntent, request: UpstreamRequest, cause: unknown): GraphError {
    this.alarm.intent();
    const message = 'This write could not be audited, so nothing was sent to Graph.';
    const headers = { 'Retry-After': '5' };
    const refusal = new GraphError('ServiceUnavailable', message, {
      outcome: 'not-sent',
      headers,
      cause,
    });
    // A timed-out intent may still be in the file: append its `not-sent` outcome.
    this.audit.append(outcomeOf(intent, errorResult(refusal, request))).catch(() => undefined);
    return refusal;
  }

  /** Never rejects. */
  async #appendOutcome(outcome: AuditOutcome): Promise<void> {
    try {
      await this.audit.append(outcome);
    } catch (cause) {
      this.alarm.outcome(outcome, cause);
    }
  }
}
